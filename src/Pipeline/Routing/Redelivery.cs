using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Gives key groups again what they lack. There are three degrees.
/// <para>
/// A message was lost: no answer came in time, or the group names a gap above what it had acknowledged. The messages in
/// flight are sent again, after ticks that tell the group of all that it got no records of.
/// </para>
/// <para>
/// The group names a gap below what it had acknowledged. That proves nothing yet: the gap may come from an incarnation
/// of the group that was overtaken by another. So the group is asked. Nothing is read again, nor fails, before an
/// answer that an event of its own stands behind.
/// </para>
/// <para>
/// The journal was rolled back: the group does not have an event that its acknowledgements are based on
/// (<see cref="AcknowledgedEvents"/>). It says how far it is, and whatever it lacks is read again from Kafka, partition
/// by partition. No tick goes out before all of these partitions are: a tick of one would speak of records that no
/// event stands behind any more.
/// </para>
/// <para>
/// Invariants. After a rollback each partition that is read starts at or below what the group says it has applied.
/// </para>
/// </summary>
sealed class Redelivery(
    RouterSettings settings,
    PartitionTable partitions,
    SendBuffers buffers,
    TickSender ticks,
    Acknowledgements acknowledgements,
    PartitionLifecycle lifecycle,
    IRouterEffects effects)
{
    /// <summary>Sends again what was not answered in time.</summary>
    internal void ResendUnanswered(long nowMs)
    {
        foreach (var buffer in buffers.Unanswered(nowMs))
            Resend(buffer, 0, nowMs);
    }

    /// <summary>A key group refused a batch or a tick, since it begins above what the group has.</summary>
    internal void Gap(KeyGroupGap gap, long nowMs)
    {
        if (!partitions.TryFind(gap.Partition, out var owner, out var side))
            return;
        var buffer = buffers[gap.Group];
        if (gap.Event is { } basedOn && !buffer.Acknowledged.TryAdd(basedOn, 0, buffers.NextStamp()))
            return;
        var cursor = side.Cursors[gap.Group];
        if (owner.Phase == PartitionPhase.Asking)
        {
            AnswerBy(gap, owner, cursor);
            lifecycle.StartAnswered(nowMs);
        }
        else if (gap.ExpectedOffset < cursor.AcknowledgedOffset)
        {
            Doubt(gap, owner, side, nowMs);
        }
        else if (nowMs - buffer.ResentAtMs >= RepeatAfterMs)
        {
            var first = buffer.InFlight.FindIndex(m => m.Batches.Any(
                b => b.Partition == side && b.Generation == owner.Generation && b.To > gap.ExpectedOffset));
            if (first >= 0)
                Resend(buffer, first, nowMs);
        }
    }

    /// <summary>
    /// The journal of a key group was rolled back: whatever it lacks of what it had acknowledged is read again. False
    /// where the rollback is known already.
    /// </summary>
    internal bool FellBack(KeyGroupFellBack message, long nowMs)
    {
        var buffer = buffers[message.Group];
        if (!buffer.Acknowledged.Lose(message.Lost))
            return false;
        if (message.Event is { } basedOn)
            buffer.Acknowledged.TryAdd(basedOn, 0, buffers.NextStamp());
        var applied = message.Applied.ToDictionary(item => item.Partition, item => item.Offset);
        foreach (var partition in partitions.All.ToList())
            FellBack(partition, message.Group, applied, nowMs);
        return true;
    }

    int RepeatAfterMs => settings.Flow.LingerMs * 2;

    // A gap that an event of the group's own stands behind is an answer. Any other is of an earlier assignment: it may
    // come from an incarnation that was overtaken, and names an offset that its successor has long left behind.
    static void AnswerBy(KeyGroupGap gap, SourcePartition owner, KeyGroupCursor cursor)
    {
        if (gap.IsProven && gap.ExpectedOffset < owner.BeganAt && cursor.AcknowledgedOffset < owner.BeganAt)
            cursor.FallBackTo(gap.ExpectedOffset);
    }

    // A group that still has the events which its acknowledgements are based on lacks nothing of them. A group of
    // format 1 names no events.
    void Doubt(KeyGroupGap gap, SourcePartition owner, SidePartition side, long nowMs)
    {
        var buffer = buffers[gap.Group];
        var isOld = gap.Event is { } id && buffer.Acknowledged.IsOld(id);
        if (gap.IsProven && !isOld)
        {
            side.Cursors[gap.Group].FallBackTo(gap.ExpectedOffset);
            lifecycle.ReadAgain(owner, nowMs);
            acknowledgements.SendTicks(nowMs, flush: false);
        }
        else if (nowMs - buffer.AskedAtMs >= RepeatAfterMs)
        {
            buffer.AskedAtMs = nowMs;
            ticks.AskAgain(gap.Group, owner, side);
        }
    }

    void FellBack(SourcePartition partition, int group, Dictionary<PartitionId, long> applied, long nowMs)
    {
        var from = long.MaxValue;
        foreach (var side in partition.Sides)
        {
            var cursor = side.Cursors[group];
            var has = applied.GetValueOrDefault(side.Id, -1);
            if (partition.Phase == PartitionPhase.Asking)
            {
                cursor.FallBackTo(-1);
            }
            else if (has < cursor.AcknowledgedOffset)
            {
                cursor.FallBackTo(has);
                from = Math.Min(from, has);
            }
        }

        if (from == long.MaxValue)
            return;
        effects.JournalIsBehind(partition.Topic, partition.Partition, partition.Committed, from);
        if (partition.Phase == PartitionPhase.Revoked)
            lifecycle.RemoveWithoutOffset(partition);
        else if (from < 0)
            effects.Fail(new KafkaStopException(RouterTexts.JournalForgot(partition)));
        else
            ReadAgain(partition, from, nowMs);
    }

    void ReadAgain(SourcePartition partition, long from, long nowMs)
    {
        lifecycle.ReadAgain(partition, nowMs);
        Invariant.Holds(
            partition.BeganAt <= from || partition.Generation == SourcePartition.NoGeneration
                || partition.AcknowledgedOffset() < partition.Start.LogStartOffset,
            "after a rollback each partition that is read starts at or below what the group has applied");
    }

    // Before them go ticks that the group has not journaled: it may have got no records below the oldest message.
    void Resend(SendBuffer buffer, int first, long nowMs)
    {
        ticks.SendOwed(buffer.Group);
        buffers.Resend(buffer, first, nowMs);
    }
}
