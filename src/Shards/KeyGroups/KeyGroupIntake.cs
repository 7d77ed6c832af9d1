using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What a key group does with a message: it waits for the next event, or is answered at once, or is refused. A sender
/// that hears nothing sends the message again.
/// </summary>
sealed class KeyGroupIntake(AppliedState state, PendingEvent pending, AnswerQueue answers)
{
    /// <summary>Claims that only expire records bring an event about no more often than this, ms.</summary>
    internal const int ExpireEveryMs = 10_000;

    /// <summary>
    /// The highest watermark that this incarnation was offered and did not refuse, journaled or not; ms since the
    /// epoch.
    /// </summary>
    internal long HighestOffered { get; private set; } = SideWatermarks.None;

    /// <summary>
    /// The highest event time of the records that this incarnation was offered and did not refuse, journaled or not; ms
    /// since the epoch. No watermark tells it where a time waits to be borne out (max-jump).
    /// </summary>
    internal long HighestTimeOffered { get; private set; } = SideWatermarks.None;

    // When a claim that only expires records brought an event about last, by the join's clock.
    long _expiredMs = SideWatermarks.None;

    /// <summary>Takes batches in. Answers what is applied already, and refuses what would leave a gap.</summary>
    internal void Offer(Deliver message, object sender)
    {
        if (!pending.HasRoomFor(message.Batches.Length))
            return; // the sender sends it again
        var starts = EventCodec.Starts(message.Batches, 0);
        var ends = new AppliedPartition[starts.Length];
        var isNew = false;
        var (highest, highestTime) = (HighestOffered, HighestTimeOffered);
        for (var i = 0; i < starts.Length; i++)
        {
            var header = RecordBatch.Validate(message.Batches.AsSpan(starts[i]), out var time);
            highest = Math.Max(highest, header.Watermark);
            highestTime = Math.Max(highestTime, time);
            var accepted = pending.AcceptedOffset(state.Clocks, header.PartitionId, ends.AsSpan(0, i));
            var expected = Math.Max(accepted, 0);
            if (header.From > expected)
            {
                answers.Send(new AwaitedAck(0, sender, [], new KeyGroupGap(state.Number, header.PartitionId, expected)));
                return;
            }

            ends[i] = new AppliedPartition(header.PartitionId, header.To);
            isNew |= accepted < header.To;
        }

        (HighestOffered, HighestTimeOffered) = (highest, highestTime);
        if (isNew)
            pending.Add(new PendingMessage(message.Batches, sender, ends));
        else
            answers.Await(new AwaitedAck(0, sender, ends, null));
    }

    /// <summary>
    /// Takes ticks in. They wait for the next event. <see cref="DeliverTicks.Flush"/> brings one about, and so does a
    /// row that the ticks make due.
    /// </summary>
    internal void Offer(DeliverTicks message, object sender)
    {
        if (IsBasedOnLost(message.BasedOn, sender))
            return;
        var ends = new List<AppliedPartition>(message.Ticks.Length);
        var isNew = false;
        var isClaimed = false;
        foreach (var tick in message.Ticks)
        {
            if (tick.IsClaim)
            {
                isClaimed |= pending.AddClaim(tick, state.Clocks);
                continue;
            }

            var accepted = pending.AcceptedOffset(state.Clocks, tick.Partition);
            if (accepted >= 0 && accepted < tick.From)
            {
                RefuseTick(new KeyGroupGap(state.Number, tick.Partition, accepted), message.Flush, sender);
                continue;
            }

            // An empty tick is a question: what is the applied offset?
            var to = tick.From < tick.To ? tick.To : Math.Max(tick.To, state.Clocks.AppliedOffset(tick.Partition));
            ends.Add(new AppliedPartition(tick.Partition, to));
            isNew |= pending.Add(tick, state.Clocks);
            HighestOffered = Math.Max(HighestOffered, tick.Watermark);
        }

        if (ends.Count > 0)
            answers.Await(new AwaitedAck(0, sender, [.. ends], null) { Stamp = message.Stamp });
        if (isNew && message.Flush)
            pending.MustFlush = true;
        else if (isNew || isClaimed)
            pending.MustFlush |= AreDue(isClaimed);
    }

    /// <summary>
    /// Raises the sides' watermarks with the next event; the answer comes when its rows are out. Where the group lacks
    /// records that the sender knows to be applied, time would close without them.
    /// </summary>
    internal void Offer(EndInput message, object sender)
    {
        if (!IsBasedOnLost(message.BasedOn, sender))
            pending.Raise(message.Left, message.Right, new AwaitedAck(0, sender, [], new InputEnded(state.Number)));
    }

    /// <summary>Journals what is known at once; the answer comes when that is done and all rows are out.</summary>
    internal void Offer(FlushKeyGroup message, object sender)
    {
        FlushIfStale();
        var ack = new AwaitedAck(0, sender, [], null);
        if (pending.MustFlush)
            pending.Add(ack);
        else
            answers.Await(ack);
    }

    /// <summary>Ticks and confirmations have waited long enough: the next event is due even without records.</summary>
    internal void FlushIfStale() => pending.MustFlush |= pending.HasUnflushed || answers.HasUnwrittenConfirmations;

    // Whether the ticks make a row due. Claims come all the time, so those that only expire records are journaled once
    // in a while; in a join that holds nothing they do nothing at all.
    bool AreDue(bool isClaimed)
    {
        if (state.Buffered is not { Count: > 0 } buffered)
            return false;
        var then = state.WatermarksWith(pending.Ticks, pending.Claims, pending.Definition ?? buffered.Definition);
        if (buffered.WouldEmit(then))
            return true;
        if (!isClaimed || !buffered.WouldExpire(then))
            return false;
        var clock = pending.Claims.Max(claim => claim.ClockMs);
        if (clock - _expiredMs < ExpireEveryMs)
            return false;
        _expiredMs = clock;
        return true;
    }

    // The router flushes a tick to learn the applied offset. If that lies below what the router knows, the journal has
    // lost events. But an incarnation that was overtaken would answer with an old offset too. So the refusal goes out
    // with an event of this incarnation: the journal takes an event of the newest incarnation alone.
    void RefuseTick(KeyGroupGap gap, bool flush, object sender)
    {
        if (!flush)
        {
            answers.Send(new AwaitedAck(0, sender, [], gap));
            return;
        }

        pending.Add(new AwaitedAck(0, sender, [], gap with { IsProven = true }));
        pending.MustFlush = true;
    }

    // What is based on an event that is not in the journal any more is refused: the sender's knowledge of the group is
    // wrong.
    bool IsBasedOnLost(EventId[] events, object sender)
    {
        foreach (var id in events)
        {
            if (state.History.Holds(id, state.Sequence))
                continue;
            RefuseLost(id, sender);
            return true;
        }

        return false;
    }

    // The refusal goes out with an event of this incarnation, for the same reason as a gap: an overtaken incarnation
    // does not know its successor's events.
    void RefuseLost(EventId lost, object sender)
    {
        pending.Add(new AwaitedAck(0, sender, [], new KeyGroupFellBack(state.Number, lost, [])));
        pending.MustFlush = true;
    }
}
