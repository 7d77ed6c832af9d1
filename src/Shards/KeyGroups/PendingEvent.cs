using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What a key group has accepted and not yet journaled: the content of its next event, and whom to tell once that is confirmed.
/// </summary>
sealed class PendingEvent(KeyGroupLimits limits)
{
    // Coverage as it will be once everything that waits is journaled. Never below what is journaled.
    readonly Dictionary<PartitionId, long> _accepted = [];
    readonly List<PendingMessage> _messages = [];
    readonly SortedDictionary<PartitionId, Tick> _ticks = [];

    // Answers that go with the event that makes them true.
    readonly List<AwaitedAck> _acks = [];
    long _bytes;
    (long Left, long Right)? _raise;
    AwaitedAck? _raiseAck;
    JoinDefinition? _definition;

    /// <summary>Whether an event is due even without records.</summary>
    internal bool MustFlush { get; set; }

    /// <summary>Whether there is a reason for an event.</summary>
    internal bool IsDue => MustFlush || _messages.Count > 0;

    /// <summary>Whether nothing waits.</summary>
    internal bool IsEmpty => _messages.Count == 0 && _ticks.Count == 0 && _raise is null;

    /// <summary>Whether something waits that a flush would bring into the journal.</summary>
    internal bool HasUnflushed => _ticks.Count > 0 || _acks.Count > 0;

    /// <summary>The ticks that wait.</summary>
    internal IReadOnlyCollection<Tick> Ticks => _ticks.Values;

    /// <summary>Bytes of the records that wait.</summary>
    internal long Bytes => _bytes;

    /// <summary>Whether so many bytes more may wait.</summary>
    internal bool HasRoomFor(int bytes) => _messages.Count == 0 || _bytes + bytes <= limits.PendingBytesMax;

    /// <summary>The offset through which the partition is covered, what waits included; -1 where nothing is known of it.</summary>
    internal long Accepted(PartitionClocks clocks, PartitionId partition, ReadOnlySpan<CoveredPartition> before = default)
    {
        var accepted = Math.Max(clocks.CoveredThrough(partition), _accepted.GetValueOrDefault(partition, -1));

        // A message may hold several batches of a partition, one after the other.
        foreach (var item in before)
        {
            if (item.Partition == partition)
                accepted = Math.Max(accepted, item.Through);
        }

        return accepted;
    }

    internal void Add(PendingMessage message)
    {
        foreach (var item in message.Covered)
            Accept(item.Partition, item.Through);
        _messages.Add(message);
        _bytes += message.Batches.Length;
    }

    /// <summary>Takes a tick in; false where it says nothing new.</summary>
    internal bool Add(in Tick tick, PartitionClocks clocks)
    {
        var watermark = clocks.Known.TryGetValue(tick.Partition, out var clock) ? clock.Watermark : SideWatermarks.None;
        var isOld = tick.Through <= clocks.CoveredThrough(tick.Partition) && tick.Watermark <= watermark;
        if (isOld && tick.PartitionCount <= clocks.CountOf(tick.Partition))
            return false;
        _ticks[tick.Partition] = !_ticks.TryGetValue(tick.Partition, out var pending) ? tick : tick with
        {
            PartitionCount = Math.Max(pending.PartitionCount, tick.PartitionCount),
            From = Math.Min(pending.From, tick.From),
            Through = Math.Max(pending.Through, tick.Through),
            Watermark = Math.Max(pending.Watermark, tick.Watermark),
        };
        Accept(tick.Partition, tick.Through);
        return true;
    }

    /// <summary>Answers with the event that covers it. What was sent again while the journal is slow gets one answer.</summary>
    internal void Add(in AwaitedAck ack)
    {
        if (!ack.IsAmong(_acks))
            _acks.Add(ack);
    }

    internal void Raise(long left, long right, AwaitedAck ack)
    {
        _raise = (left, right);
        _raiseAck = ack;
        MustFlush = true;
    }

    internal void Define(JoinDefinition definition) => _definition = definition;

    /// <summary>Drops all that waits, unanswered: its senders send it again.</summary>
    internal void Clear()
    {
        _accepted.Clear();
        _messages.Clear();
        _ticks.Clear();
        _acks.Clear();
        _bytes = 0;
        _raise = null;
        _raiseAck = null;
        _definition = null;
        MustFlush = false;
    }

    /// <summary>
    /// Takes what goes into one event: messages up to the limit, and all else. What is left over waits for the next. Time is raised only
    /// with the last message: records that came before must not be late by it.
    /// </summary>
    /// <param name="content">What is known beside: confirmations, and who writes the event.</param>
    /// <param name="clocks">What is journaled.</param>
    /// <param name="answers">Takes the answers that become true with the event, in order.</param>
    /// <param name="group">The key group.</param>
    /// <param name="sequence">The event's number.</param>
    /// <returns>The event's bytes.</returns>
    internal byte[] Take(EventContent content, PartitionClocks clocks, Action<AwaitedAck> answers, int group, long sequence)
    {
        var taken = TakeMessages();
        var raise = _messages.Count == 0 ? _raise : null;
        content = content with
        {
            Definition = _definition,
            Raise = raise,
            Ticks = [.. _ticks.Values],
        };
        foreach (var message in taken)
            answers(new AwaitedAck(0, message.Sender, message.Covered, null));
        TakeAnswers(taken, clocks, answers);
        if (raise is not null)
        {
            answers(_raiseAck!.Value);
            _raise = null;
            _raiseAck = null;
        }

        _ticks.Clear();
        _definition = null;
        MustFlush = _raise is not null;
        return EventCodec.Write(content, taken.ConvertAll(message => message.Batches), group, sequence);
    }

    void Accept(PartitionId partition, long through) =>
        _accepted[partition] = Math.Max(_accepted.GetValueOrDefault(partition, -1), through);

    List<PendingMessage> TakeMessages()
    {
        var count = 0;
        var bytes = 0L;
        while (count < _messages.Count && (count == 0 || bytes + _messages[count].Batches.Length <= limits.EventBytesMax))
            bytes += _messages[count++].Batches.Length;
        var taken = _messages.GetRange(0, count);
        _messages.RemoveRange(0, count);
        _bytes -= bytes;
        return taken;
    }

    // An answer to a batch that came twice goes with the event that holds it, which is not this one if that is full.
    void TakeAnswers(List<PendingMessage> taken, PartitionClocks clocks, Action<AwaitedAck> answers)
    {
        if (_acks.Count == 0)
            return;
        var covered = new Dictionary<PartitionId, long>();
        foreach (var tick in _ticks.Values)
            covered[tick.Partition] = tick.Through;
        foreach (var item in taken.SelectMany(message => message.Covered))
            covered[item.Partition] = Math.Max(covered.GetValueOrDefault(item.Partition, -1), item.Through);
        bool IsCovered(CoveredPartition item) =>
            Math.Max(clocks.CoveredThrough(item.Partition), covered.GetValueOrDefault(item.Partition, -1)) >= item.Through;
        foreach (var ack in _acks.Where(ack => ack.Covered.All(IsCovered)))
            answers(ack);
        _acks.RemoveAll(ack => ack.Covered.All(IsCovered));
    }
}
