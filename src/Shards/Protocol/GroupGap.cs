using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A batch or a tick was refused because it begins above what the group has: the sender sends again from
/// <paramref name="CoveredThrough"/>, or reads the partition again from there.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Partition">The partition.</param>
/// <param name="CoveredThrough">What the group has, batches that wait for the journal included.</param>
/// <param name="IsProven">
/// Whether an event of the group's own stands behind it, so that no successor has left it behind. Only such a gap shows that the journal is older than
/// the committed offset, or than what was acknowledged.
/// </param>
sealed record GroupGap(int Group, PartitionId Partition, long CoveredThrough, bool IsProven = false) : IWireMessage
{
    /// <summary>The event that it rests on: the newest of the group. Null in format 1.</summary>
    internal EventId? Event { get; init; }
}
