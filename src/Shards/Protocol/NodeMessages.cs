using Akka.Actor;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Ticks for every key group of one join that runs on a node: one message per pair of nodes, however many key groups
/// there are. Goes to the node's <see cref="KeyGroups.TickRelay"/>.
/// </summary>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the groups journal them at once instead of with their next event.</param>
sealed record NodeTicks(Tick[] Ticks, bool Flush) : IWireMessage
{
    /// <summary>
    /// By key group, its events that the ticks are based on; empty in format 1. See <see cref="DeliverTicks.BasedOn"/>.
    /// </summary>
    internal EventId[][] BasedOn { get; init; } = [];

    /// <summary>See <see cref="DeliverTicks.Stamp"/>.</summary>
    internal long Stamp { get; init; }

    /// <summary>The part for one key group.</summary>
    internal DeliverTicks For(int group) => new(group, Ticks, Flush)
    {
        BasedOn = group < BasedOn.Length ? BasedOn[group] : [],
        Stamp = Stamp,
    };
}

/// <summary>
/// A node tells the others the watermark of the slowest of its partitions that have something to read, so that no node
/// reads far ahead of it. Goes to the nodes' <see cref="KeyGroups.TickRelay"/>. It may be lost: another follows.
/// </summary>
/// <param name="Watermark">
/// ms since the epoch; beyond every event time where no partition has something to read.
/// </param>
sealed record NodeWatermark(long Watermark) : IWireMessage;

/// <summary>A key group tells its own node that it runs there. Never leaves the node.</summary>
/// <param name="Group">The key group.</param>
sealed record KeyGroupUp(int Group) : INoSerializationVerificationNeeded;

/// <summary>A router tells its own node that it runs there. Never leaves the node.</summary>
sealed record RouterUp : INoSerializationVerificationNeeded
{
    internal static RouterUp Instance { get; } = new();
}
