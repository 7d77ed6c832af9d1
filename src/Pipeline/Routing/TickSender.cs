using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Tells the key groups of acknowledged prefixes and their watermarks, and asks them how far they are with partitions that came. Ticks may
/// be lost like any message: what a group has not journaled is told again.
/// </summary>
sealed class TickSender(RouterSettings settings, IReadOnlyCollection<SourcePartition> partitions, IRouterEffects effects)
{
    long _lastOwedMs = long.MinValue / 2;

    /// <summary>When <see cref="Ask"/> was called last.</summary>
    internal long LastAskMs { get; private set; } = long.MinValue / 2;

    /// <summary>Sends what is new since the last call, and once in a while, or where <paramref name="flush"/>, all that a group still owes.</summary>
    internal void Send(long nowMs, bool flush)
    {
        var changed = false;
        foreach (var partition in partitions)
        {
            if (partition.Phase == PartitionPhase.Asking)
                continue;
            foreach (var side in partition.Sides)
                changed |= side.AcknowledgedThrough > side.TickedThrough;
        }

        // Ticks may be lost like any message: once in a while, and at the end, they all go out again to whom they are new.
        var again = flush || nowMs - _lastOwedMs >= settings.Flow.ResendAfterMs;
        if (!changed && !again)
            return;
        if (again)
            _lastOwedMs = nowMs;
        var ticks = Ticks(all: again);
        if (ticks.Length > 0)
            effects.SendToAll(new NodeTicks(ticks, flush));

        foreach (var partition in partitions)
        {
            foreach (var side in partition.Sides)
                side.TickedThrough = side.AcknowledgedThrough;
        }
    }

    /// <summary>Sends one group all that it still owes.</summary>
    internal void SendOwed(int group)
    {
        var ticks = Ticks(all: true);
        if (ticks.Length > 0)
            effects.Send(new DeliverTicks(group, ticks, Flush: false));
    }

    /// <summary>
    /// Asks every key group that has not answered how far it is with a new partition: a tick of nothing at the committed offset.
    /// </summary>
    internal void Ask(long nowMs)
    {
        LastAskMs = nowMs;
        for (var group = 0; group < settings.Groups; group++)
        {
            var ticks = new List<Tick>();
            foreach (var partition in partitions)
            {
                if (partition.Phase != PartitionPhase.Asking)
                    continue;
                foreach (var side in partition.Sides)
                {
                    if (side.Cursors[group].Covered < 0)
                        ticks.Add(side.Tick(partition.BeganAt, partition.Generation));
                }
            }

            if (ticks.Count > 0)
                effects.Send(new DeliverTicks(group, [.. ticks], Flush: true));
        }
    }

    Tick[] Ticks(bool all)
    {
        var ticks = new List<Tick>();
        foreach (var partition in partitions)
        {
            if (partition.Phase == PartitionPhase.Asking)
                continue;
            foreach (var side in partition.Sides)
            {
                var isNew = side.AcknowledgedThrough > side.TickedThrough;
                var isOwed = all && side.CoveredByAll() < side.AcknowledgedThrough;
                if (isNew || isOwed)
                    ticks.Add(side.Tick(partition.BeganAt, partition.Generation));
            }
        }

        return [.. ticks];
    }
}
