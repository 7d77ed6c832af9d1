using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Shards.Definition;

/// <summary>
/// All that a join's result depends on. It is journaled at the first start; replay reads this and nothing of the
/// configuration.
/// </summary>
sealed record JoinDefinition
{
    /// <summary>The join's name.</summary>
    public required string Name { get; init; }

    /// <summary>What comes out.</summary>
    public required JoinType Type { get; init; }

    /// <summary>
    /// right.time >= left.time - <see cref="BeforeMs"/>. Narrowed by 1 ms already where the bound is open. May be
    /// negative.
    /// </summary>
    public required long BeforeMs { get; init; }

    /// <summary>
    /// right.time &lt;= left.time + <see cref="AfterMs"/>. Narrowed by 1 ms already where the bound is open. May be
    /// negative.
    /// </summary>
    public required long AfterMs { get; init; }

    /// <summary>The left input.</summary>
    public required SourceDefinition Left { get; init; }

    /// <summary>The right input.</summary>
    public required SourceDefinition Right { get; init; }

    /// <summary>Further conditions on a pair, or null.</summary>
    public Condition? Where { get; init; }

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

    /// <summary>How far watermarks stay below the highest event time of their partition, ms.</summary>
    public long MaxOutOfOrdernessMs { get; init; }

    /// <summary>What idle partitions do to time.</summary>
    public IdlePolicy Idle { get; init; } = IdlePolicy.Wait;

    /// <summary>How long a partition is without new records before it is idle, ms.</summary>
    public long IdleTimeoutMs { get; init; }

    /// <summary>How far ahead of the wall clock an event time may lie, ms; null = unlimited.</summary>
    public long? MaxAheadOfWallClockMs { get; init; }

    /// <summary>
    /// How far above the highest time of its partition a record may lie and move time by itself, ms; null = unlimited.
    /// </summary>
    public long? MaxJumpMs { get; init; }

    /// <summary>The lowest event time that is taken, ms since the epoch; null = none.</summary>
    public long? MinTimeMs { get; init; }

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

/// <summary>What a journaled definition says of one input.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="TopicId">The broker's id of the topic, or empty where the broker has none.</param>
/// <param name="Key">How the key is found: "record-key", or the field paths, separated by commas.</param>
/// <param name="Time">How the event time is found: "record-timestamp", or a field path and its format.</param>
/// <param name="Id">How the id is found: a field path, "header:NAME", or empty (then nothing is a duplicate).</param>
/// <param name="Format">The decoder: "json", "raw", or a type name.</param>
/// <param name="Fields">
/// The typed fields that <see cref="JoinDefinition.Where"/> names, in the order of their encoding.
/// </param>
sealed record SourceDefinition(
    string Topic, string TopicId, string Key, string Time, string Id, string Format, IReadOnlyList<string> Fields)
{
    /// <summary>The canonical text of the condition that a record must fulfil to be joined, or empty.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Whether records carry ids, so that duplicates are looked for.</summary>
    public bool Deduplicates => Id.Length > 0;
}

/// <summary>What comes out of a join. The numbers are part of the journaled definition.</summary>
enum JoinType : byte
{
    /// <summary>Pairs only.</summary>
    Inner = 0,

    /// <summary>Pairs, and lefts without a partner.</summary>
    Left = 1,

    /// <summary>Pairs, and rights without a partner.</summary>
    Right = 2,

    /// <summary>Pairs, and records of both sides without a partner.</summary>
    Full = 3,

    /// <summary>One row per right with the lefts it took, and lefts that nothing took.</summary>
    Attribution = 4,
}

/// <summary>What happens to a record whose time lies below its own side's watermark.</summary>
enum LatePolicy : byte
{
    /// <summary>It joins the records that are still buffered, never gives an unmatched row, and a copy goes to the late
    /// topic.</summary>
    Join = 0,

    /// <summary>It goes to the late topic alone.</summary>
    Drop = 1,

    /// <summary>
    /// As far as <see cref="JoinDefinition.RepairForMs"/> below the watermark it is treated as in time, and rows that
    /// it makes untrue are superseded. Below that it goes to the late topic alone.
    /// </summary>
    Repair = 2,
}

/// <summary>
/// What a partition at the end of its log with nothing new does to time. The names are part of the journaled
/// definition. Only <see cref="Wait"/> is acted upon by this version.
/// </summary>
enum IdlePolicy : byte
{
    /// <summary>Time stands still until it has records again.</summary>
    Wait = 0,

    /// <summary>Its watermark moves on at the pace of the clock, from where it stood.</summary>
    WallClock = 1,

    /// <summary>It is left out of its side's minimum.</summary>
    Exclude = 2,
}

/// <summary>Whom an attribution join credits a left to.</summary>
enum Credit : byte
{
    /// <summary>The first right that can have it, by (time, id, partition, offset).</summary>
    First = 0,

    /// <summary>Each right that can have it.</summary>
    Every = 1,
}
