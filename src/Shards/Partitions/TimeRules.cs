using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Partitions;

/// <summary>What a join's definition says of idle partitions and of time.</summary>
/// <param name="Policy">What idle partitions do to time.</param>
/// <param name="TimeoutMs">How long a partition is silent before it is idle, ms.</param>
/// <param name="MaxOutOfOrdernessMs">How far watermarks stay below the highest event time, ms.</param>
/// <param name="SpanMs">The length of the window: before + after, ms.</param>
readonly record struct TimeRules(IdlePolicy Policy, long TimeoutMs, long MaxOutOfOrdernessMs, long SpanMs)
{
    /// <summary>Those of a definition.</summary>
    internal static TimeRules Of(JoinDefinition definition) => new(
        definition.Idle, definition.IdleTimeoutMs, definition.MaxOutOfOrdernessMs, Math.Max(0, definition.BeforeMs + definition.AfterMs));

    /// <summary>Whether a claim is one of this policy: another's does not count.</summary>
    internal bool Counts(TickKind kind) => Policy switch
    {
        IdlePolicy.WallClock => kind == TickKind.IdleWallClock,
        IdlePolicy.Exclude => kind == TickKind.IdleExclude,
        _ => false,
    };
}
