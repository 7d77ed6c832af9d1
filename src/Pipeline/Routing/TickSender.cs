using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Tells the key groups of acknowledged prefixes and their watermarks, and asks them how far they are with partitions that came. Ticks may
/// be lost like any message: what a group has not journaled is told again.
/// </summary>
sealed class TickSender(RouterSettings settings, IReadOnlyCollection<SourcePartition> partitions, LaneSet lanes, IRouterEffects effects)
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
            effects.SendToAll(new NodeTicks(ticks, flush) { RestsOn = RestsOn(), Stamp = Stamp });

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
            effects.Send(For(group, ticks, flush: false));
    }

    /// <summary>
    /// Asks every key group that has not answered how far it is with a new partition: a tick of nothing at the committed offset. Before it, in the same message, goes one
    /// at the partition's origin: a group that does not know the partition begins there, not at the committed offset, and says so by a gap.
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
                    if (side.Cursors[group].Covered >= 0)
                        continue;
                    if (partition.Origin < partition.BeganAt)
                        ticks.Add(side.Question(partition.Origin, partition.Generation));
                    ticks.Add(side.Tick(partition.BeganAt, partition.Generation));
                }
            }

            if (ticks.Count > 0)
                effects.Send(For(group, [.. ticks], flush: true));
        }
    }

    /// <summary>Asks a key group that is said to be behind what it had acknowledged. Only an answer that an event of its own stands behind counts.</summary>
    internal void AskAgain(int group, SourcePartition partition, SidePartition side) =>
        effects.Send(For(group, [side.Question(side.Cursors[group].Covered, partition.Generation)], flush: true));

    // Where a node of format 1 may read it, nothing is said of what it rests on.
    bool NamesEvents => settings.FormatVersion() >= FormatVersions.Incarnations;

    long Stamp => NamesEvents ? lanes.Stamp : 0;

    EventId[][] RestsOn() => NamesEvents ? [.. lanes.All.Select(lane => lane.Acknowledged.All)] : [];

    DeliverTicks For(int group, Tick[] ticks, bool flush) =>
        new(group, ticks, flush) { RestsOn = NamesEvents ? lanes[group].Acknowledged.All : [], Stamp = Stamp };

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
