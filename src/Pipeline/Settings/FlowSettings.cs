namespace AkkaJoin.Pipeline.Settings;

/// <summary>The limits and intervals of one join's flow, <c>akkajoin.flow</c>; each can be set per join too.</summary>
public sealed record FlowSettings
{
    internal const int AdaptiveLingerMs = 20;

    /// <summary>How long records may wait for others of their key group before they are sent, ms.</summary>
    public int LingerMs { get; init; } = AdaptiveLingerMs;

    /// <summary>Whether records go out as soon as everything is read that there was, but not again within <see cref="LingerMs"/>: then that is the longest they wait.</summary>
    public bool IsLingerAdaptive { get; init; } = true;

    /// <summary>The most bytes of one message to a key group, but for what one partition has gathered for it meanwhile.</summary>
    public int BatchBytesMax { get; init; } = 262_144;

    /// <summary>The most bytes read of one partition and not yet acknowledged by all key groups; above it the partition is paused.</summary>
    public int PartitionInFlightBytesMax { get; init; } = 4_194_304;

    /// <summary>The most messages to one key group without an answer.</summary>
    public int GroupInFlightMax { get; init; } = 4;

    /// <summary>How long a message to a key group may stay without an answer before it is sent again, ms.</summary>
    public int ResendAfterMs { get; init; } = 5_000;

    /// <summary>How often watermarks go to all key groups, ms.</summary>
    public int TickIntervalMs { get; init; } = 200;

    /// <summary>How often offsets are committed, and how long a key group that has nothing else to journal keeps coverage and confirmations to itself, ms.</summary>
    public int CommitIntervalMs { get; init; } = 5_000;

    /// <summary>The most bytes of rows of one key group that wait for the broker; above it the group takes no more records.</summary>
    public int UnconfirmedBytesMax { get; init; } = 8_388_608;

    /// <summary>The most bytes of records that wait in one key group for the journal.</summary>
    public int PendingBytesMax { get; init; } = 8_388_608;

    /// <summary>The most bytes of records in one journal event, but for a single message that is larger.</summary>
    public int EventBytesMax { get; init; } = 1_048_576;

    /// <summary>The most dead letters of a join that wait for the broker.</summary>
    public int DeadLettersInFlightMax { get; init; } = 1_000;

    /// <summary>How long a drain may take before it is given up, ms.</summary>
    public int DrainTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a key group that goes to another node may wait until its rows are confirmed, ms.</summary>
    public int HandOverTimeoutMs { get; init; } = 10_000;

    /// <summary>
    /// With <c>output.deduplicate = tail</c>: how long after a key group has asked the end of the output partitions is looked up; by then the
    /// broker has written what a process that died had sent, ms.
    /// </summary>
    public int TailSettleMs { get; init; } = 1_000;

    /// <summary>A snapshot is taken when the journal since the last one is larger than this, and a recovery would read more than twice the live state; bytes.</summary>
    public int SnapshotBytesMin { get; init; } = 1_048_576;
}
