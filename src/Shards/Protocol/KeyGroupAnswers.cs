using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A key group has applied everything below these offsets, and the broker has acknowledged the rows that came of it.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Items">The applied offsets that are acknowledged.</param>
sealed record KeyGroupAck(int Group, AppliedPartition[] Items) : IWireMessage
{
    /// <summary>The newest event of the group when it answered. Null in format 1.</summary>
    internal EventId? Event { get; init; }

    /// <summary>
    /// The stamp of the ticks that it answers: the events that they are based on are in the journal before
    /// <see cref="Event"/>. 0 = it answers none.
    /// </summary>
    internal long Stamp { get; init; }

    /// <summary>
    /// How far each item has moved time, in the order of <see cref="Items"/>. Empty where the join has no
    /// <c>max-jump</c>, which alone asks for it, and below format 3.
    /// </summary>
    internal AppliedTime[] Times { get; init; } = [];
}

/// <summary>
/// A batch or a tick was refused because it begins above <paramref name="ExpectedOffset"/>. The sender sends again from
/// there, or reads the partition again from there.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Partition">The partition.</param>
/// <param name="ExpectedOffset">
/// The offset that the group expects, exclusive: everything below it is applied, or waits for the journal.
/// </param>
/// <param name="IsProven">
/// Whether the group wrote an event of its own before it answered, so that it is the newest incarnation. Only such a
/// gap shows that the journal is older than the committed offset, or than what was acknowledged.
/// </param>
sealed record KeyGroupGap(int Group, PartitionId Partition, long ExpectedOffset, bool IsProven = false) : IWireMessage
{
    /// <summary>The newest event of the group when it answered. Null in format 1.</summary>
    internal EventId? Event { get; init; }
}

/// <summary>
/// The journal was rolled back: an event that a tick is based on is not in it any more. The group wrote an event of its
/// own before it answered, so the answer is the newest incarnation's, and stays true. The router forgets what the group
/// has acknowledged, except for the offsets that are named here.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Lost">The event that is lost.</param>
/// <param name="Applied">The applied offset of each partition that the group has heard of.</param>
sealed record KeyGroupFellBack(int Group, EventId Lost, AppliedPartition[] Applied) : IWireMessage
{
    /// <summary>The group's newest event when it answered.</summary>
    internal EventId? Event { get; init; }
}

/// <summary>The end of input is journaled, and its rows are out.</summary>
sealed record InputEnded(int Group) : IWireMessage;

/// <summary>How far a partition has moved time, as the journal of a key group says it.</summary>
/// <param name="HighestMs">
/// The highest event time of the records below <paramref name="AppliedOffset"/> that moved time, ms since the epoch;
/// <c>SideWatermarks.None</c> = none did. It may be higher, and is that of the side then: where time was closed, and
/// where the partition was added to its topic.
/// </param>
/// <param name="AppliedOffset">The applied offset, exclusive; 0 = none.</param>
readonly record struct AppliedTime(long HighestMs, long AppliedOffset)
{
    /// <summary>Nothing is known.</summary>
    internal static AppliedTime None => new(Join.SideWatermarks.None, 0);
}

/// <summary>A partition and its applied offset, exclusive.</summary>
readonly record struct AppliedPartition(PartitionId Partition, long Offset);
