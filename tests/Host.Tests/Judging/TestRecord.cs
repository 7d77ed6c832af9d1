using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Tests.Judging;

/// <summary>A source record of a test.</summary>
sealed record TestRecord(Side Side, int Partition, long Offset, string? Key, long Time, string? Id, int A)
{
    internal string Value => $$"""{"k":{{Text(Key)}},"ts":{{Time}},"id":{{Text(Id)}},"a":{{A}}}""";

    static string Text(string? text) => text is null ? "null" : $"\"{text}\"";
}
