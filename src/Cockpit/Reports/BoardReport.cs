namespace AkkaJoin.Cockpit.Reports;

/// <summary>The watermark board: how far time is, and what holds it back.</summary>
/// <param name="Join">The name of the join.</param>
/// <param name="AtMs">When it was made, ms since the epoch by the wall clock.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Partitions">All partitions, by side.</param>
/// <param name="Missing">The nodes whose part is missing.</param>
sealed record BoardReport(
    string Join,
    long AtMs,
    BoardSide Left,
    BoardSide Right,
    IReadOnlyList<BoardPartition> Partitions,
    IReadOnlyList<MissingNode> Missing)
{
    /// <summary>What is asked of the join: a side that is paused, or time that rests, is no fault.</summary>
    public FlowReport Asked { get; init; } = FlowReport.None;
}

/// <summary>The time of one side.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="WatermarkMs">
/// The lowest watermark of its key groups, ms since the epoch; null = a partition has given no time, or no key group
/// answers.
/// </param>
/// <param name="HeldBy">The partition that holds it back; null = none is known.</param>
/// <param name="HeldSinceMs">
/// Since when that partition's watermark stands, ms since the epoch by the wall clock.
/// </param>
/// <param name="RowsWaiting">
/// Records of the other side that cannot be decided before this side's time has passed.
/// </param>
/// <param name="BufferedBytes">Bytes of the whole state, which grows meanwhile.</param>
sealed record BoardSide(
    Side Side, string Topic, long? WatermarkMs, int? HeldBy, long? HeldSinceMs, long RowsWaiting, long BufferedBytes);

/// <summary>A partition on one side.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="State">What it does.</param>
sealed record BoardPartition(Side Side, string Topic, int Partition, BoardState State)
{
    /// <summary>The node that reads it; null = none that answered.</summary>
    public string? Node { get; init; }

    /// <summary>Why it is not read on.</summary>
    public BoardReason Reason { get; init; }

    /// <summary>Since when it is so, ms since the epoch by the wall clock; null = not known.</summary>
    public long? SinceMs { get; init; }

    /// <summary>The watermark, ms since the epoch; null = no record had a time.</summary>
    public long? WatermarkMs { get; init; }

    /// <summary>Records that were not read yet; null = Kafka did not answer.</summary>
    public long? Lag { get; init; }

    /// <summary>How far its newest event time is behind the newest one of the join, ms.</summary>
    public long? BehindMs { get; init; }

    /// <summary>When a record of it came last, ms since the epoch by the wall clock.</summary>
    public long? LastRecordMs { get; init; }

    /// <summary>Whether it holds back the time of its side.</summary>
    public bool HoldsBack { get; init; }
}

/// <summary>What a partition does.</summary>
enum BoardState
{
    /// <summary>It is read.</summary>
    Active,

    /// <summary>Nothing new came for <c>idle.timeout</c>: time does what <c>idle.policy</c> says.</summary>
    Idle,

    /// <summary>There is nothing more to read, and its time stands.</summary>
    AtEnd,

    /// <summary>A bounded run has read it to its end.</summary>
    Finished,

    /// <summary>It is not read on: <see cref="BoardReason"/>.</summary>
    Paused,

    /// <summary>There is something to read, it may be read, and nothing comes.</summary>
    Silent,

    /// <summary>Its key groups are asked how far they are with it.</summary>
    Starting,

    /// <summary>Another node gets it.</summary>
    Leaving,

    /// <summary>No node that answered reads it.</summary>
    NotRead,
}

/// <summary>Why a partition is not read on.</summary>
enum BoardReason
{
    /// <summary>It is.</summary>
    None,

    /// <summary>
    /// So many bytes that were read of it are not acknowledged: key groups, journal or output are slower.
    /// </summary>
    InFlightBytes,

    /// <summary>It is too far ahead of the slowest partition in event time.</summary>
    Alignment,

    /// <summary>Its dead letters wait for the broker.</summary>
    DeadLetters,

    /// <summary>The memory budget of its node is used up.</summary>
    Memory,

    /// <summary>Its broker sends nothing: it may be away, or the partition has no leader.</summary>
    Broker,

    /// <summary>Somebody paused its side.</summary>
    Order,

    /// <summary>The join reads as many records per second as it may.</summary>
    Rate,

    /// <summary>The other side was paused and is read first.</summary>
    Returning,
}
