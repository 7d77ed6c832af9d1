using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>What a configuration means for the journal: the part of it that the result depends on.</summary>
static class DefinitionBuilder
{
    /// <param name="join">The join as configured.</param>
    /// <param name="left">The left topic as the broker knows it.</param>
    /// <param name="right">The right topic as the broker knows it.</param>
    internal static JoinDefinition Build(JoinSettings join, TopicInfo left, TopicInfo right) => new()
    {
        Name = join.Name,
        Type = join.Type,
        BeforeMs = join.LowerInclusive ? join.BeforeMs : join.BeforeMs - 1,
        AfterMs = join.UpperInclusive ? join.AfterMs : join.AfterMs - 1,
        Where = join.Where,
        Late = join.Late,
        RepairForMs = join.RepairForMs,
        Credit = join.Credit,
        MaxLefts = join.MaxLefts,
        MaxOutOfOrdernessMs = join.MaxOutOfOrdernessMs,
        Idle = join.Idle,
        IdleTimeoutMs = join.IdleTimeoutMs,
        MaxAheadOfWallClockMs = join.MaxAheadOfWallClockMs,
        MinTimeMs = join.MinTimeMs,
        MaxJumpMs = join.MaxJumpMs,
        KeyGroups = join.KeyGroups,
        Left = Source(join.Left, left, join.LeftFields),
        Right = Source(join.Right, right, join.RightFields),
    };

    static SourceDefinition Source(SourceSettings source, TopicInfo topic, IReadOnlyList<string> fields) => new(
        source.Topic,
        topic.Id,
        source.KeyPaths.Count == 0 ? "record-key" : string.Join(',', source.KeyPaths),
        source.TimePath is null ? "record-timestamp" : $"{source.TimePath} ({source.TimeFormat})",
        source.IdPath ?? (source.IdHeader is null ? "" : "header:" + source.IdHeader),
        source.Format,
        fields)
    {
        Filter = source.Filter?.Text ?? "",
    };
}
