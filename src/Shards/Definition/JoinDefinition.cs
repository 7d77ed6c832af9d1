using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Shards.Definition;

/// <summary>
/// All that a join's result depends on. It is journaled at the first start; replay reads this and nothing of the configuration.
/// </summary>
public sealed record JoinDefinition
{
    /// <summary>The join's name.</summary>
    public required string Name { get; init; }

    /// <summary>What comes out.</summary>
    public required JoinType Type { get; init; }

    /// <summary>right.time >= left.time - <see cref="BeforeMs"/>. Narrowed by 1 ms already where the bound is open. May be negative.</summary>
    public required long BeforeMs { get; init; }

    /// <summary>right.time &lt;= left.time + <see cref="AfterMs"/>. Narrowed by 1 ms already where the bound is open. May be negative.</summary>
    public required long AfterMs { get; init; }

    /// <summary>The left input.</summary>
    public required SourceDefinition Left { get; init; }

    /// <summary>The right input.</summary>
    public required SourceDefinition Right { get; init; }

    /// <summary>Further conditions on a pair, or null.</summary>
    public Condition? Where { get; init; }

    /// <summary>What happens to late records.</summary>
    public LatePolicy Late { get; init; } = LatePolicy.Join;

    /// <summary>Whom an attribution credits a left to.</summary>
    public Credit Credit { get; init; } = Credit.First;

    /// <summary>How many lefts an attribution row shows at most.</summary>
    public int MaxCollapsed { get; init; } = 1000;

    /// <summary>How far watermarks stay below the highest event time of their partition, ms.</summary>
    public long MaxOutOfOrdernessMs { get; init; }

    /// <summary>What idle partitions do to time.</summary>
    public IdlePolicy Idle { get; init; } = IdlePolicy.Wait;

    /// <summary>How long a partition is without new records before it is idle, ms.</summary>
    public long IdleTimeoutMs { get; init; }

    /// <summary>Always null: how far partitions may drift apart changes no result, so it is not the journal's. Its name stands in journals.</summary>
    public long? MaxDriftMs { get; init; }

    /// <summary>How far ahead of the wall clock an event time may lie, ms; null = unlimited.</summary>
    public long? MaxAheadOfWallClockMs { get; init; }

    /// <summary>The number of key groups. Never changes.</summary>
    public int KeyGroups { get; init; } = 16;

    /// <summary>The name of the hash from key to key group. Never changes.</summary>
    public string KeyHash { get; init; } = Batches.KeyHash.Name;

    /// <summary>The input on <paramref name="side"/>.</summary>
    public SourceDefinition Source(Side side) => side == Side.Left ? Left : Right;

    /// <summary>Whether records of <paramref name="side"/> without a partner come out.</summary>
    public bool Preserves(Side side) => Type is JoinType.Full or JoinType.Attribution
        || (side == Side.Left ? Type == JoinType.Left : Type == JoinType.Right);
}
