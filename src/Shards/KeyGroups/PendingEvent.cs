using System.Diagnostics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Partitions;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What a key group has accepted and not yet journaled: the content of its next event, and whom to answer once that is
/// confirmed.
/// <para>
/// Example. Batches [10, 14) and [14, 18) of one partition wait, together larger than an event may be, and a tick to
/// 18. The next event gets [10, 14) and the tick, the one after it [14, 18). The answer to the second batch goes with
/// the second event.
/// </para>
/// <para>
/// Invariants. The bytes are those of the messages that wait. No event leaves a gap: each of its batches begins at or
/// below the applied offset, or where a batch or a tick of the event ends. An answer goes with the event after which
/// all that it acknowledges is applied.
/// </para>
/// </summary>
sealed class PendingEvent(KeyGroupLimits limits)
{
    // The accepted offsets of the partitions of which something was accepted: what waits here, or is under way, or was
    // applied since.
    readonly Dictionary<PartitionId, long> _accepted = [];
    readonly List<PendingMessage> _messages = [];
    readonly SortedDictionary<PartitionId, Tick> _ticks = [];

    // The newest claim of each partition.
    readonly SortedDictionary<PartitionId, Tick> _claims = [];

    // Answers that go with the event that makes them true.
    readonly List<AwaitedAck> _acks = [];
    long _bytes;
    (long Left, long Right)? _raise;
    AwaitedAck? _raiseAck;
    JoinDefinition? _definition;

    /// <summary>Whether an event was started and is not durable yet.</summary>
    internal bool IsUnderWay { get; private set; }

    /// <summary>The format to write events and answers in.</summary>
    internal byte FormatVersion { get; set; } = FormatVersions.Newest;

    /// <summary>Whether an event is due even without records.</summary>
    internal bool MustFlush { get; set; }

    /// <summary>Whether there is a reason for an event.</summary>
    internal bool IsDue => MustFlush || _messages.Count > 0;

    /// <summary>Whether nothing waits.</summary>
    internal bool IsEmpty => _messages.Count == 0 && _ticks.Count == 0 && _raise is null;

    /// <summary>Whether something waits that a flush would bring into the journal.</summary>
    internal bool HasUnflushed => _ticks.Count > 0 || _acks.Count > 0;

    /// <summary>The ticks that wait, but for claims.</summary>
    internal IReadOnlyCollection<Tick> Ticks => _ticks.Values;

    /// <summary>The claims that wait: the newest of each partition.</summary>
    internal IReadOnlyCollection<Tick> Claims => _claims.Values;

    /// <summary>Bytes of the records that wait.</summary>
    internal long Bytes => _bytes;

    /// <summary>Whether so many bytes more may wait.</summary>
    internal bool HasRoomFor(int bytes) => _messages.Count == 0 || _bytes + bytes <= limits.PendingBytesMax;

    /// <summary>
    /// The offset up to which everything of the partition was accepted, waiting or applied, exclusive; -1 where the
    /// partition is unknown.
    /// </summary>
    /// <param name="clocks">What is applied.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="before">The ends of the batches that stand before in the same message.</param>
    internal long AcceptedOffset(PartitionClocks clocks, PartitionId partition, ReadOnlySpan<AppliedPartition> before = default)
    {
        var accepted = Math.Max(clocks.AppliedOffset(partition), _accepted.GetValueOrDefault(partition, -1));

        // A message may hold several batches of a partition, one after the other.
        foreach (var item in before)
        {
            if (item.Partition == partition)
                accepted = Math.Max(accepted, item.Offset);
        }

        return accepted;
    }

    internal void Add(PendingMessage message)
    {
        foreach (var item in message.Ends)
            Accept(item.Partition, item.Offset);
        _messages.Add(message);
        _bytes += message.Batches.Length;
        Invariant.Holds(_bytes == _messages.Sum(m => (long)m.Batches.Length), "the bytes are those of the messages that wait");
    }

    /// <summary>Takes a tick in; false where it says nothing new.</summary>
    internal bool Add(in Tick tick, PartitionClocks clocks)
    {
        var clock = clocks.Of(tick.Partition);
        var isNewClock = tick.Watermark == clock.Watermark && tick.ClockMs > clock.ClockMs;
        var isOld = tick.To <= clock.AppliedOffset && tick.Watermark <= clock.Watermark && !isNewClock;
        if (isOld && tick.PartitionCount <= clocks.CountOf(tick.Partition))
            return false;
        _ticks[tick.Partition] = !_ticks.TryGetValue(tick.Partition, out var pending) ? tick : tick with
        {
            PartitionCount = Math.Max(pending.PartitionCount, tick.PartitionCount),
            From = Math.Min(pending.From, tick.From),
            To = Math.Max(pending.To, tick.To),
            Watermark = Math.Max(pending.Watermark, tick.Watermark),
            ClockMs = ClockOf(pending, tick),
            Kind = ClockOf(pending, tick) > SideWatermarks.None ? TickKind.RecordsWithClock : TickKind.Records,
        };
        Accept(tick.Partition, tick.To);
        return true;
    }

    /// <summary>
    /// Takes a claim in. It brings no event about by itself. False where it cannot count, or is no newer than one that
    /// waits.
    /// </summary>
    internal bool AddClaim(in Tick claim, PartitionClocks clocks)
    {
        if (claim.To != AcceptedOffset(clocks, claim.Partition)
            || (_claims.TryGetValue(claim.Partition, out var pending) && pending.To == claim.To && pending.ClockMs >= claim.ClockMs))
            return false;
        _claims[claim.Partition] = claim;
        return true;
    }

    /// <summary>
    /// Answers with the event that applies it. A message that was sent again while the journal is slow gets one answer.
    /// </summary>
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

    /// <summary>The definition that the next event journals; null where it stays.</summary>
    internal JoinDefinition? Definition => _definition;

    internal void Define(JoinDefinition definition) => _definition = definition;

    /// <summary>Drops all that waits, unanswered: its senders send it again.</summary>
    internal void Clear()
    {
        _accepted.Clear();
        _messages.Clear();
        _ticks.Clear();
        _claims.Clear();
        _acks.Clear();
        _bytes = 0;
        _raise = null;
        _raiseAck = null;
        _definition = null;
        MustFlush = false;
    }

    /// <summary>
    /// Starts an event: it gets messages up to the limit, and everything else that waits. The other messages wait for
    /// the next event. The end of input goes with the last message only, or the records that wait would be late; and
    /// not before a join that wakes is awake.
    /// </summary>
    /// <param name="content">What else the event says: confirmations, and who writes it.</param>
    /// <param name="clocks">What is applied.</param>
    /// <param name="answers">Gets the answers that become true with the event, in order.</param>
    /// <param name="group">The key group.</param>
    /// <param name="sequence">The event's number.</param>
    /// <returns>The event's bytes.</returns>
    internal byte[] StartEvent(EventContent content, PartitionClocks clocks, Action<AwaitedAck> answers, int group, long sequence)
    {
        IsUnderWay = true;
        var taken = DequeueMessages();
        CheckNoGap(taken, clocks);
        var isWaking = (content.TimeHold ?? clocks.TimeHold).IsWaking;
        var raise = _messages.Count == 0 && !isWaking ? _raise : null;
        content = content with
        {
            Definition = _definition,
            Raise = raise,
            Ticks = [.. TicksFor(content.FormatVersion)],
        };
        foreach (var message in taken)
            answers(new AwaitedAck(0, message.Sender, message.Ends, null));
        DequeueAnswers(taken, clocks, answers);
        if (raise is not null)
        {
            answers(_raiseAck!.Value);
            _raise = null;
            _raiseAck = null;
        }

        _ticks.Clear();
        _claims.Clear();
        _definition = null;
        MustFlush = _raise is not null;
        return EventCodec.Write(content, taken.ConvertAll(message => message.Batches), group, sequence);
    }

    /// <summary>The event that was under way is durable.</summary>
    internal void EventIsDurable() => IsUnderWay = false;

    // The clock belongs to the higher watermark.
    static long ClockOf(in Tick a, in Tick b) =>
        a.Watermark > b.Watermark ? a.ClockMs : b.Watermark > a.Watermark ? b.ClockMs : Math.Max(a.ClockMs, b.ClockMs);

    // A program that knows no format above 2 can read no clocks. Whether a claim counts is decided where it is applied.
    IEnumerable<Tick> TicksFor(byte format) => format < FormatVersions.JoinTime
        ? _ticks.Values.Select(tick => tick.WithoutClock())
        : _ticks.Values.Concat(_claims.Values);

    void Accept(PartitionId partition, long offset) =>
        _accepted[partition] = Math.Max(_accepted.GetValueOrDefault(partition, -1), offset);

    List<PendingMessage> DequeueMessages()
    {
        var count = 0;
        var bytes = 0L;
        while (count < _messages.Count && (count == 0 || bytes + _messages[count].Batches.Length <= limits.EventBytesMax))
            bytes += _messages[count++].Batches.Length;
        var taken = _messages.GetRange(0, count);
        _messages.RemoveRange(0, count);
        _bytes -= bytes;
        Invariant.Holds(_bytes == _messages.Sum(m => (long)m.Batches.Length), "the bytes are those of the messages that wait");
        return taken;
    }

    // A batch that came twice is answered with the event that holds it. That is a later one where this one was full.
    void DequeueAnswers(List<PendingMessage> taken, PartitionClocks clocks, Action<AwaitedAck> answers)
    {
        if (_acks.Count == 0)
            return;
        var ends = new Dictionary<PartitionId, long>();
        foreach (var tick in _ticks.Values)
            ends[tick.Partition] = tick.To;
        foreach (var item in taken.SelectMany(message => message.Ends))
            ends[item.Partition] = Math.Max(ends.GetValueOrDefault(item.Partition, -1), item.Offset);
        bool IsApplied(AppliedPartition item) =>
            Math.Max(clocks.AppliedOffset(item.Partition), ends.GetValueOrDefault(item.Partition, -1)) >= item.Offset;
        foreach (var ack in _acks.Where(ack => ack.Applied.All(IsApplied)))
            answers(ack);
        _acks.RemoveAll(ack => ack.Applied.All(IsApplied));
    }

    [Conditional("CHECKED")]
    void CheckNoGap(List<PendingMessage> messages, PartitionClocks clocks)
    {
        var ends = _ticks.ToDictionary(entry => entry.Key, entry => entry.Value.To);
        foreach (var message in messages)
        {
            foreach (var start in EventCodec.Starts(message.Batches, 0))
            {
                var header = BatchHeader.Read(message.Batches.AsSpan(start));
                var end = Math.Max(Math.Max(clocks.AppliedOffset(header.PartitionId), 0), ends.GetValueOrDefault(header.PartitionId));
                Invariant.Holds(header.From <= end, "no event leaves a gap");
                ends[header.PartitionId] = Math.Max(end, header.To);
            }
        }
    }
}

/// <summary>Batches that were accepted and wait for the journal.</summary>
/// <param name="Batches">The batches.</param>
/// <param name="Sender">Whom to answer.</param>
/// <param name="Ends">The end of each batch: what the answer acknowledges.</param>
readonly record struct PendingMessage(byte[] Batches, object Sender, AppliedPartition[] Ends);
