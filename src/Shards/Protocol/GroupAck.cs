using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// The group has journaled all that lies below these offsets, and the rows that came of it are acknowledged by the broker.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Items">What is acknowledged.</param>
sealed record GroupAck(int Group, CoveredPartition[] Items) : IWireMessage
{
    /// <summary>The event that it rests on: the newest of the group. Null in format 1.</summary>
    internal EventId? Event { get; init; }

    /// <summary>The stamp of the tick that it answers: what that one rested on is in the history of <see cref="Event"/>. 0 = it answers none.</summary>
    internal long Stamp { get; init; }
}
