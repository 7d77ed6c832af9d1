using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// The journal was rolled back: an event that a tick rests on is not among the group's. An event of the group's own stands behind the answer, so it is the newest
/// incarnation's, and true for ever. What the router holds as acknowledged by the group counts no more, but for what is named here.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Lost">The event that is lost.</param>
/// <param name="Covered">How far the group has each partition that it has heard of.</param>
sealed record GroupFellBack(int Group, EventId Lost, CoveredPartition[] Covered) : IWireMessage
{
    /// <summary>The group's newest event as it said so.</summary>
    internal EventId? Event { get; init; }
}
