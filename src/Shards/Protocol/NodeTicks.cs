namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Ticks for every key group of one join that runs on a node: one message per pair of nodes, however many key groups there are. Goes to the
/// node's <see cref="KeyGroups.TickRelay"/>.
/// </summary>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the groups journal them at once instead of with their next event.</param>
sealed record NodeTicks(Tick[] Ticks, bool Flush) : IWireMessage;
