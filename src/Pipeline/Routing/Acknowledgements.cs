using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// What follows when key groups acknowledge. Messages in flight are done. The tick offset of the partition rises, and
/// ticks tell it to every key group. The source may read as many bytes more. The acknowledged offset follows, once the
/// groups that got no records have applied the ticks, and it is committed.
/// <para>
/// Example: key group 0 got the records 0, 2 and 3 of a partition in one batch, key group 1 got none. Group 0
/// acknowledges offset 4: the tick offset is 4. A tick tells both groups so. Group 1 journals the tick and acknowledges
/// offset 4: now the acknowledged offset is 4, and 4 is committed.
/// </para>
/// <para>
/// Invariants. An offset is committed only when every key group of every side has applied everything below it. The tick
/// offset lies between the offset at which reading began and the position. (That ticks speak of acknowledged records
/// alone is checked where they are made, <see cref="SidePartition.Tick"/>.)
/// </para>
/// </summary>
sealed class Acknowledgements(
    PartitionTable partitions,
    SendBuffers buffers,
    TickSender ticks,
    DemandControl demand,
    IRouterEffects effects)
{
    /// <summary>
    /// A key group acknowledged. False where the acknowledgement does not count: see
    /// <see cref="AcknowledgedEvents.TryAdd"/>.
    /// </summary>
    internal bool Acknowledged(KeyGroupAck ack)
    {
        var buffer = buffers[ack.Group];
        if (ack.Event is { } restsOn && !buffer.Acknowledged.TryAdd(restsOn, ack.Stamp, buffers.NextStamp()))
            return false;
        for (var i = 0; i < ack.Items.Length; i++)
        {
            var item = ack.Items[i];
            if (partitions.TryFind(item.Partition, out var owner, out var side))
                Apply(owner, side.Cursors[ack.Group], item.Offset, ack.Times.Length == 0 ? null : ack.Times[i]);
        }

        buffer.InFlight.RemoveAll(message => message.IsDone(ack.Group));
        foreach (var item in ack.Items)
        {
            if (partitions.TryFind(item.Partition, out var owner, out _))
                Advance(owner);
        }

        return true;
    }

    /// <summary>Moves the tick offset of a partition up, as far as it goes, and lets the source read on.</summary>
    internal void Advance(SourcePartition partition)
    {
        if (partition.Phase == PartitionPhase.Asking)
            return;
        var position = partition.AwaitsDeadLetters ? -1 : partition.Position;
        foreach (var side in partition.Sides)
        {
            side.Acknowledge(position);
            Invariant.Holds(
                side.TickOffset >= partition.BeganAt && side.TickOffset <= partition.Position,
                "the tick offset lies between the offset at which reading began and the position");
        }

        demand.Renew(partition);
    }

    /// <summary>
    /// Tells the key groups the tick offsets; where <paramref name="flush"/>, they journal them at once.
    /// </summary>
    internal void SendTicks(long nowMs, bool flush)
    {
        foreach (var partition in partitions.All)
            Advance(partition);
        ticks.Send(nowMs, flush);
    }

    /// <summary>Hands what may be committed to the committer.</summary>
    internal void Commit()
    {
        using var span = Profile.Measure(ProfileStage.Commit);
        foreach (var partition in partitions.All)
        {
            var offset = partition.AcknowledgedOffset();
            if (partition.Phase != PartitionPhase.Reading || offset <= partition.Committed)
                continue;
            Invariant.Holds(
                partition.IsAppliedByAll(offset),
                "an offset is committed only when every key group has applied everything below it");
            partition.Committed = offset;
            effects.Commit(new PartitionOffset(partition.Topic, partition.Partition, partition.Generation, offset));
        }
    }

    // A question is answered by an offset from the committed one on; a lower one was said of an earlier assignment.
    static void Apply(SourcePartition owner, KeyGroupCursor cursor, long offset, AppliedTime? time)
    {
        if (owner.Phase == PartitionPhase.Asking && (cursor.AcknowledgedOffset >= 0 || offset < owner.BeganAt))
            return;
        cursor.Acknowledge(offset);
        if (time is { } journaled)
            cursor.Journaled = journaled;
    }
}
