using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Live;

/// <summary>What the running join tells of a key and of its source partitions, from whichever node knows it.</summary>
interface ILiveState
{
    /// <summary>The definition that the join runs with on this node; null = it does not run here.</summary>
    JoinDefinition? Definition { get; }

    /// <summary>The join's clock, ms since the epoch.</summary>
    long NowMs { get; }

    /// <summary>The key group of records, and what it has buffered of their key.</summary>
    /// <param name="group">The key group.</param>
    /// <param name="records">The records, all of one key.</param>
    /// <param name="stopping">Nobody waits for the answer any more.</param>
    /// <returns>Null where the key group does not answer.</returns>
    Task<LiveKey?> KeyAsync(int group, IReadOnlyList<InputRecord> records, CancellationToken stopping);

    /// <summary>How far a source partition is read.</summary>
    /// <returns>Null where no node that answers reads it.</returns>
    Task<LivePartition?> PartitionAsync(string topic, int partition, CancellationToken stopping);

    /// <summary>The offset at which the join began with a partition; null = it is not known.</summary>
    long? Origin(string topic, int partition);
}

/// <summary>A key group as it is now, and what it has buffered of a key.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Node">The node that it runs on.</param>
/// <param name="Left">The left side's time.</param>
/// <param name="Right">The right side's time.</param>
/// <param name="Applied">The applied offset of each partition that it has heard of.</param>
/// <param name="Unconfirmed">Events whose rows the broker has not acknowledged.</param>
sealed record LiveKey(
    int Group,
    string Node,
    LiveWatermark Left,
    LiveWatermark Right,
    IReadOnlyDictionary<(Side Side, int Partition), long> Applied,
    int Unconfirmed)
{
    /// <summary>
    /// What is buffered of the key between the times of the records, and with their ids; null = it is not told.
    /// </summary>
    public IReadOnlyList<LiveEntry>? Entries { get; init; }

    /// <summary>The time of a side.</summary>
    internal LiveWatermark Of(Side side) => side == Side.Left ? Left : Right;
}

/// <summary>How far a side's time is.</summary>
/// <param name="Ms">The watermark, ms since the epoch; null = a partition has given no time yet.</param>
/// <param name="Holder">The topic/partition that holds it back.</param>
sealed record LiveWatermark(long? Ms, string Holder)
{
    /// <summary>Since when the holder stands still; null = it is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether it does not move, since the join rests, or is paused and an attribution.</summary>
    public bool IsAtRest { get; init; }
}

/// <summary>A buffered record.</summary>
/// <param name="Side">Its side.</param>
/// <param name="Partition">Its source partition.</param>
/// <param name="Offset">Its source offset.</param>
/// <param name="TimeMs">Its event time, ms since the epoch.</param>
/// <param name="Id">Its id, or null.</param>
/// <param name="State">What it does.</param>
sealed record LiveEntry(Side Side, int Partition, long Offset, long TimeMs, byte[]? Id, LiveEntryState State);

/// <summary>What a buffered record does.</summary>
enum LiveEntryState
{
    /// <summary>It has no partner, and its window is open.</summary>
    Waiting,

    /// <summary>A left of an attribution: its window is closed, and a buffered right can still take it.</summary>
    AwaitsRight,

    /// <summary>It has a partner.</summary>
    Matched,

    /// <summary>Its window is closed, or it came late; its id is remembered.</summary>
    Closed,

    /// <summary>
    /// <c>late.policy = repair</c>: its window is closed, it has no partner, and a record that comes late can still
    /// join it.
    /// </summary>
    Repairable,
}

/// <summary>How far a source partition is read.</summary>
/// <param name="Position">The next offset that is read.</param>
/// <param name="LogEnd">The end of the log as the consumer heard of it last.</param>
/// <param name="PausedBecause">Why it is not read on, in words; null = it is read.</param>
/// <param name="Node">The node that reads it.</param>
sealed record LivePartition(long Position, long LogEnd, string? PausedBecause, string Node);
