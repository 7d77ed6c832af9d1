using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Ticks for every key group of one join that runs on a node: one message per pair of nodes, however many key groups there are. Goes to the
/// node's <see cref="KeyGroups.TickRelay"/>.
/// </summary>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the groups journal them at once instead of with their next event.</param>
sealed record NodeTicks(Tick[] Ticks, bool Flush) : IWireMessage
{
    /// <summary>By key group, its events that the ticks rest on; empty in format 1. See <see cref="DeliverTicks.RestsOn"/>.</summary>
    internal EventId[][] RestsOn { get; init; } = [];

    /// <summary>See <see cref="DeliverTicks.Stamp"/>.</summary>
    internal long Stamp { get; init; }

    /// <summary>What one of the key groups gets of it.</summary>
    internal DeliverTicks For(int group) => new(group, Ticks, Flush) { RestsOn = group < RestsOn.Length ? RestsOn[group] : [], Stamp = Stamp };
}
