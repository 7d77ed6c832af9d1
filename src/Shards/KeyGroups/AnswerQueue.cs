using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The answers of a key group, in the order in which they become true. An answer goes out when the events that it
/// speaks of are applied and confirmed.
/// <para>
/// Invariants. What is acknowledged is applied. The event of an acknowledgement, and every event before it, is
/// confirmed.
/// </para>
/// </summary>
sealed class AnswerQueue(AppliedState state, PendingEvent pending, Confirmations confirmations)
{
    /// <summary>Messages to send; the shell empties it.</summary>
    internal List<KeyGroupReply> Replies { get; } = [];

    /// <inheritdoc cref="Confirmations.AreUnwritten"/>
    internal bool HasUnwrittenConfirmations => confirmations.AreUnwritten;

    long LastConfirmed => confirmations.Last(state.Sequence);

    /// <summary>
    /// Answers at once what is applied and confirmed. What is applied waits for the confirmation of the last event;
    /// what is not applied yet waits for the event that will hold it.
    /// </summary>
    internal void Await(in AwaitedAck ack)
    {
        if (!state.Clocks.HaveApplied(ack.Applied))
            pending.Add(ack);
        else if (state.Sequence <= LastConfirmed)
            Send(ack);
        else
            confirmations.Await(ack with { Sequence = pending.IsUnderWay ? state.Sequence + 1 : state.Sequence });
    }

    /// <summary>Sends every answer whose events are confirmed.</summary>
    internal void SendConfirmed()
    {
        while (confirmations.TryDequeueAnswer(LastConfirmed, out var ack))
            Send(ack);
    }

    /// <summary>
    /// Sends an answer. From format 2 on it names the newest event of the group, by which the receiver knows the
    /// journal.
    /// </summary>
    internal void Send(in AwaitedAck ack)
    {
        CheckAcknowledged(ack);
        EventId? newest = pending.FormatVersion < FormatVersions.Incarnations ? null : state.History.Find(state.Sequence);
        Replies.Add(new(ack.Sender, ack.Message switch
        {
            null => new KeyGroupAck(state.Number, ack.Applied) { Event = newest, Stamp = ack.Stamp, Times = TimesOf(ack.Applied) },
            KeyGroupGap gap => gap with { Event = newest },
            KeyGroupFellBack fell => fell with { Event = newest, Applied = state.Clocks.AppliedPartitions() },
            _ => ack.Message,
        }));
    }

    // A router that begins to read a partition tells a jump by the highest time that is journaled.
    AppliedTime[] TimesOf(AppliedPartition[] applied)
    {
        if (state.Buffered is not { Definition: var journaled } || (pending.Definition ?? journaled).MaxJumpMs is null
            || pending.FormatVersion < FormatVersions.JoinTime)
            return [];
        return Array.ConvertAll(applied, item =>
        {
            // A new definition may have another max-out-of-orderness than the watermark was made with.
            var clock = state.Clocks.Of(item.Partition);
            var highest = clock.Watermark <= SideWatermarks.None ? SideWatermarks.None : clock.Watermark + journaled.MaxOutOfOrdernessMs;
            return new AppliedTime(Math.Min(highest, SideWatermarks.End), Math.Max(clock.AppliedOffset, 0));
        });
    }

    [System.Diagnostics.Conditional("CHECKED")]
    void CheckAcknowledged(in AwaitedAck ack)
    {
        if (ack.Message is not null)
            return;
        Invariant.Holds(state.Clocks.HaveApplied(ack.Applied), "what is acknowledged is applied");
        Invariant.Holds(
            ack.Sequence <= LastConfirmed && (ack.Sequence > 0 || LastConfirmed == state.Sequence),
            "the events of an acknowledgement are confirmed");
    }
}
