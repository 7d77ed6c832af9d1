namespace AkkaJoin.Host.Tests.Validation;

/// <summary>A source record of a test.</summary>
sealed record TestRecord(Side Side, int Partition, long Offset, string? Key, long Time, string? Id, int A)
{
    /// <summary>Whether its key is an object, of which no key can be made.</summary>
    internal bool Broken { get; init; }

    /// <summary>Further members of its value, such as <c>"x":1.50</c>.</summary>
    internal string? More { get; init; }

    internal string Value => $$"""{"k":{{(Broken ? "{}" : Text(Key))}},"ts":{{Time}},"id":{{Text(Id)}},"a":{{A}}{{(More is null ? "" : "," + More)}}}""";

    static string Text(string? text) => text is null ? "null" : $"\"{text}\"";
}
