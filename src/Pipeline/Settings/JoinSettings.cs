using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>One join of the configuration, <c>akkajoin.joins.NAME</c>.</summary>
sealed record JoinSettings
{
    /// <summary>The join's name: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>Which rows the join writes.</summary>
    public required JoinType Type { get; init; }

    /// <summary>
    /// As configured, ms; may be negative. <see cref="LowerInclusive"/> says whether the bound itself counts.
    /// </summary>
    public required long BeforeMs { get; init; }

    /// <summary>
    /// As configured, ms; may be negative. <see cref="UpperInclusive"/> says whether the bound itself counts.
    /// </summary>
    public required long AfterMs { get; init; }

    /// <summary>Whether right.time = left.time - before is in the window: '[' of <c>bounds</c>.</summary>
    public bool LowerInclusive { get; init; } = true;

    /// <summary>Whether right.time = left.time + after is in the window: ']' of <c>bounds</c>.</summary>
    public bool UpperInclusive { get; init; } = true;

    /// <summary>The left input.</summary>
    public required SourceSettings Left { get; init; }

    /// <summary>The right input.</summary>
    public required SourceSettings Right { get; init; }

    /// <summary>Further conditions on a pair, or null.</summary>
    public Condition? Where { get; init; }

    /// <summary>The left fields that <see cref="Where"/> reads, in the order of their encoding.</summary>
    public IReadOnlyList<string> LeftFields { get; init; } = [];

    /// <summary>The right fields that <see cref="Where"/> reads, in the order of their encoding.</summary>
    public IReadOnlyList<string> RightFields { get; init; } = [];

    /// <summary>
    /// How far below the highest event time of its partition a record may lie without being late, ms.
    /// </summary>
    public long MaxOutOfOrdernessMs { get; init; } = 30_000;

    /// <summary>How far a partition may be ahead of the slowest in event time, ms; null = unlimited.</summary>
    public long? MaxDriftMs { get; init; }

    /// <summary>How far ahead of the join's clock an event time may lie, ms; null = unlimited.</summary>
    public long? MaxAheadOfWallClockMs { get; init; }

    /// <summary>
    /// Whether the user has set it. Where not, a join that there is already keeps what is in its journal.
    /// </summary>
    public bool SetsMaxAhead { get; init; }

    /// <summary>
    /// How far above the highest time of its partition a record may lie and move time by itself, ms; null = unlimited.
    /// </summary>
    public long? MaxJumpMs { get; init; }

    /// <summary>The lowest event time that is taken, ms since the epoch; null = none.</summary>
    public long? MinTimeMs { get; init; }

    /// <summary>Records per second that all nodes together read; 0 = unlimited.</summary>
    public long RecordsPerSecondMax { get; init; }

    /// <summary>What idle partitions do to time. May be changed at any start, and so may the time-out.</summary>
    public IdlePolicy Idle { get; init; } = IdlePolicy.WallClock;

    /// <summary>
    /// Whether the user has set it. Where not, a join that there is already keeps what is in its journal.
    /// </summary>
    public bool SetsIdlePolicy { get; init; }

    /// <summary>
    /// How long a partition is without new records before it is idle, ms. Not in use while the policy is to wait.
    /// </summary>
    public long IdleTimeoutMs { get; init; } = 60_000;

    /// <summary>What happens to late records.</summary>
    public LatePolicy Late { get; init; } = LatePolicy.Join;

    /// <summary>
    /// With <see cref="LatePolicy.Repair"/>: how far below its side's watermark a record is still treated as in time,
    /// ms. 0 otherwise.
    /// </summary>
    public long RepairForMs { get; init; }

    /// <summary>Whom an attribution credits a left to.</summary>
    public Credit Credit { get; init; } = Credit.First;

    /// <summary>How many lefts an attribution row shows at most.</summary>
    public int MaxLefts { get; init; } = 1000;

    /// <summary>The number of key groups, fixed at the first start.</summary>
    public int KeyGroups { get; init; } = 16;

    /// <summary>The consumer group.</summary>
    public required string GroupId { get; init; }

    /// <summary>
    /// Where a partition without a committed offset begins: true = at the earliest record, false = at the end.
    /// </summary>
    public bool StartAtEarliest { get; init; } = true;

    /// <summary>Where rows go.</summary>
    public required OutputSettings Output { get; init; }

    /// <summary>The limits of the flow.</summary>
    public required FlowSettings Flow { get; init; }

    /// <summary>
    /// Where the keys on which the result depends were written, by their path below the join; those of the defaults are
    /// in reference.conf.
    /// </summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>The input on <paramref name="side"/>.</summary>
    public SourceSettings Source(Side side) => side == Side.Left ? Left : Right;
}
