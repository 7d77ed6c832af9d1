using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Sends ticks: to all key groups the tick offset and watermark of each partition, and to those that have not answered
/// the question how far they are with a partition that came. A tick may be lost like any message. So whatever a group
/// has not journaled is told again.
/// <para>
/// Where nothing is owed, the events that the router's knowledge is based on are named all the same, every
/// <c>resend-after</c>. A key group whose journal was rolled back refuses them. Without that the router of partitions
/// that have no new records would never hear that their last records must be read again.
/// </para>
/// <para>
/// Invariants. No tick tells an offset of a partition that key groups are still asked about. Ticks name the events that
/// they are based on, unless a node of format 1 may read them.
/// </para>
/// </summary>
sealed class TickSender(RouterSettings settings, PartitionTable partitions, SendBuffers buffers, IRouterEffects effects)
{
    long _lastOwedMs = long.MinValue / 2;

    /// <summary>When <see cref="Ask"/> was called last.</summary>
    internal long LastAskMs { get; private set; } = long.MinValue / 2;

    // Where a node of format 1 may read it, nothing is said of what it is based on.
    bool NamesEvents => settings.FormatVersion() >= FormatVersions.Incarnations;

    // Also where idle partitions wait: the policy may become wall-clock while one of them is silent.
    bool NamesClocks => settings.FormatVersion() >= FormatVersions.JoinTime;

    long Stamp => NamesEvents ? buffers.Stamp : 0;

    /// <summary>
    /// Sends what is new since the last call. Once in a while, or where <paramref name="flush"/>, it sends all that a
    /// group still owes.
    /// </summary>
    internal void Send(long nowMs, bool flush)
    {
        var again = flush || nowMs - _lastOwedMs >= settings.Flow.ResendAfterMs;
        if (!again && !IsAnyNew())
            return;
        if (again)
            _lastOwedMs = nowMs;
        var ticks = Ticks(all: again);
        var basedOn = BasedOn();
        if (ticks.Length > 0 || (again && partitions.All.Count > 0 && Array.Exists(basedOn, ids => ids.Length > 0)))
            effects.SendToAll(new NodeTicks(ticks, flush) { BasedOn = basedOn, Stamp = Stamp });

        foreach (var partition in partitions.All)
        {
            foreach (var side in partition.Sides)
                side.TickedOffset = side.TickOffset;
        }
    }

    /// <summary>Sends claims to every key group. One that misses them gets the next.</summary>
    internal void SendClaims(Tick[] claims)
    {
        if (claims.Length > 0 && !effects.HasFailed)
            effects.SendToAll(new NodeTicks(claims, Flush: false) { BasedOn = BasedOn(), Stamp = Stamp });
    }

    /// <summary>Sends one group all that it still owes.</summary>
    internal void SendOwed(int group)
    {
        var ticks = Ticks(all: true);
        if (ticks.Length > 0)
            effects.Send(For(group, ticks, flush: false));
    }

    /// <summary>
    /// Asks every key group that has not answered how far it is with a partition that came, by a tick without records
    /// at the committed offset. Before it, in the same message, goes one at the partition's origin. A group that does
    /// not know the partition begins there, not at the committed offset, and says so by a gap.
    /// </summary>
    internal void Ask(long nowMs)
    {
        LastAskMs = nowMs;
        for (var group = 0; group < settings.Groups; group++)
        {
            var ticks = new List<Tick>();
            foreach (var partition in partitions.All)
            {
                if (partition.Phase == PartitionPhase.Asking)
                    AddQuestions(ticks, partition, group);
            }

            if (ticks.Count > 0)
                effects.Send(For(group, [.. ticks], flush: true));
        }
    }

    /// <summary>
    /// Asks a key group that is said to be behind what it had acknowledged. Only an answer that an event of its own
    /// stands behind counts.
    /// </summary>
    internal void AskAgain(int group, SourcePartition partition, SidePartition side) =>
        effects.Send(For(group, [side.Question(side.Cursors[group].AcknowledgedOffset, partition.Generation)], flush: true));

    static void AddQuestions(List<Tick> ticks, SourcePartition partition, int group)
    {
        foreach (var side in partition.Sides)
        {
            if (side.Cursors[group].AcknowledgedOffset >= 0)
                continue;
            if (partition.Origin < partition.BeganAt)
                ticks.Add(side.Question(partition.Origin, partition.Generation));
            ticks.Add(side.Question(partition.BeganAt, partition.Generation));
        }
    }

    bool IsAnyNew()
    {
        foreach (var partition in partitions.All)
        {
            if (partition.Phase == PartitionPhase.Asking)
                continue;
            foreach (var side in partition.Sides)
            {
                if (side.TickOffset > side.TickedOffset)
                    return true;
            }
        }

        return false;
    }

    EventId[][] BasedOn() => NamesEvents ? [.. buffers.All.Select(buffer => buffer.Acknowledged.All)] : [];

    DeliverTicks For(int group, Tick[] ticks, bool flush)
    {
        var basedOn = NamesEvents ? buffers[group].Acknowledged.All : [];
        var message = new DeliverTicks(group, ticks, flush) { BasedOn = basedOn, Stamp = Stamp };
        Invariant.Holds(
            (message.Stamp > 0) == NamesEvents,
            "ticks name the events that they are based on, unless a node of format 1 may read them");
        return message;
    }

    // Once the join cannot go on, offsets are not what was acknowledged any more.
    Tick[] Ticks(bool all)
    {
        if (effects.HasFailed)
            return [];
        var ticks = new List<Tick>();
        foreach (var partition in partitions.All)
        {
            if (partition.Phase == PartitionPhase.Asking)
                continue;
            foreach (var side in partition.Sides)
            {
                var isNew = side.TickOffset > side.TickedOffset;
                var isOwed = all && (side.AcknowledgedOffset() < side.TickOffset || side.IsRaisedAtRest);
                if (isNew || isOwed)
                    ticks.Add(side.Tick(partition.BeganAt, partition.Generation, NamesClocks));
            }
        }

        Invariant.Holds(
            ticks.TrueForAll(tick => partitions.TryFind(tick.Partition, out var owner, out _) && owner.Phase != PartitionPhase.Asking),
            "no tick tells an offset of a partition that key groups are still asked about");
        return [.. ticks];
    }
}
