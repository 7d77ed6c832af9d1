namespace AkkaJoin.Pipeline.Settings;

/// <summary>The limits and intervals of one join's flow, <c>akkajoin.flow</c>; each can be set per join too.</summary>
sealed record FlowSettings
{
    internal const int AdaptiveLingerMs = 20;

    /// <summary>How long records may wait for others of their key group before they are sent, ms.</summary>
    public int LingerMs { get; init; } = AdaptiveLingerMs;

    /// <summary>
    /// Whether records are sent as soon as all records of the broker's answer are read. A key group gets at most one
    /// message so within <see cref="LingerMs"/>. While an answer of the group is awaited, records go on gathering: see
    /// docs/design/routing.md.
    /// </summary>
    public bool IsLingerAdaptive { get; init; } = true;

    /// <summary>
    /// The most bytes of one message to a key group. What one partition has gathered for it meanwhile may exceed it.
    /// </summary>
    public int BatchBytesMax { get; init; } = 262_144;

    /// <summary>
    /// The most bytes read of one partition and not yet acknowledged by all key groups; above it the partition is
    /// paused.
    /// </summary>
    public int PartitionInFlightBytesMax { get; init; } = 4_194_304;

    /// <summary>The most messages to one key group without an answer.</summary>
    public int GroupInFlightMax { get; init; } = 4;

    /// <summary>How long a message to a key group may stay without an answer before it is sent again, ms.</summary>
    public int ResendAfterMs { get; init; } = 5_000;

    /// <summary>How often watermarks go to all key groups, ms.</summary>
    public int TickIntervalMs { get; init; } = 200;

    /// <summary>
    /// How often offsets are committed, ms. A key group that has nothing else to journal writes applied offsets and
    /// confirmations as often.
    /// </summary>
    public int CommitIntervalMs { get; init; } = 5_000;

    /// <summary>
    /// The most bytes of rows of one key group that wait for the broker; above it the key group takes no more records.
    /// </summary>
    public int UnconfirmedBytesMax { get; init; } = 8_388_608;

    /// <summary>The most bytes of records that wait in one key group for the journal.</summary>
    public int PendingBytesMax { get; init; } = 8_388_608;

    /// <summary>The most bytes of records in one journal event. A single larger message exceeds it.</summary>
    public int EventBytesMax { get; init; } = 1_048_576;

    /// <summary>The most dead letters of a join that wait for the broker.</summary>
    public int DeadLettersInFlightMax { get; init; } = 1_000;

    /// <summary>How long a drain may take before it is given up, ms.</summary>
    public int DrainTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a key group that goes to another node may wait until its rows are confirmed, ms.</summary>
    public int HandOverTimeoutMs { get; init; } = 10_000;

    /// <summary>
    /// With <c>output.deduplicate = tail</c>: how long the broker has to write what a process that died had sent, ms.
    /// Then the end of the output partitions is looked up.
    /// </summary>
    public int TailWaitMs { get; init; } = 1_000;

    /// <summary>
    /// A snapshot is taken when the journal since the last one is larger than this (bytes) and a recovery would read
    /// more than twice the live state.
    /// </summary>
    public int SnapshotBytesMin { get; init; } = 1_048_576;

    /// <summary>About how many rows of a key group come out with one journal event when a join wakes.</summary>
    public int WakeRowsMax { get; init; } = 10_000;
}
