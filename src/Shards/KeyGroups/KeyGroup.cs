using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The protocol of one key group as pure code, without clock, I/O or actor: what is accepted, what goes into the next journal event,
/// what an event does, what is confirmed, and who is told. The shell (KeyGroupActor) persists and sends.
/// <para>
/// Life of a batch: <see cref="Offer(Deliver, object)"/> (refused where it leaves a gap) -> waits -> <see cref="NextEvent"/> puts all that waits into
/// one event -> the shell persists it -> <see cref="Apply"/> changes the state and renders the outputs -> the shell sends them to the
/// broker -> <see cref="Confirm"/> -> the sender's answer is in <see cref="Replies"/>.
/// </para>
/// <para>
/// Invariants. The state changes in <see cref="Apply"/> alone, by the bytes of the event alone: replay gives the same state and the
/// same outputs, byte for byte. Coverage never goes back, so a batch that comes twice, late or from a zombie changes nothing. A batch
/// is acknowledged only when its event and every one before it are confirmed.
/// </para>
/// </summary>
sealed class KeyGroup
{
    readonly KeyGroupLimits _limits;
    readonly JoinDefinition _configured;
    readonly string _currentJournalId;
    readonly Func<JoinDefinition, IRowWriter> _rowWriters;

    // What was accepted and is not journaled: coverage as it will be once everything that waits is.
    readonly Dictionary<PartitionId, long> _accepted = [];
    readonly List<PendingMessage> _pending = [];
    readonly SortedDictionary<PartitionId, Tick> _pendingTicks = [];
    readonly List<AwaitedAck> _pendingAcks = [];
    long _pendingBytes;
    bool _mustFlush;
    (long Left, long Right)? _pendingRaise;
    string? _pendingJournalId;

    // Answers in order of their sequence numbers; the ones at or below ConfirmedThrough have gone out.
    readonly Queue<AwaitedAck> _awaited = new();
    readonly LinkedList<UnconfirmedOutputs> _unconfirmed = new();
    long _unconfirmedBytes;
    OutputEncoder? _encoder;

    // Confirmations of events with outputs, as known and as journaled: after a crash, what lies between is sent again.
    long _confirmedOutputs;
    long _journaledConfirmation;
    JoinDefinition? _pendingDefinition;

    internal KeyGroup(
        int number, JoinDefinition configured, string journalId, Func<JoinDefinition, IRowWriter> rowWriters, KeyGroupLimits limits)
    {
        Number = number;
        JournalId = journalId;
        _currentJournalId = journalId;
        _configured = configured;
        _rowWriters = rowWriters;
        _limits = limits;
    }

    /// <summary>The key group's number.</summary>
    internal int Number { get; }

    /// <summary>The first part of the ids of the outputs of the next event.</summary>
    internal string JournalId { get; private set; }

    /// <summary>The sequence number of the last event applied.</summary>
    internal long Sequence { get; private set; }

    /// <summary>The last event whose outputs are all confirmed, with all before it.</summary>
    internal long ConfirmedThrough => _unconfirmed.First is { } first ? first.Value.Sequence - 1 : Sequence;

    /// <summary>The definition as journaled, or null before the first event.</summary>
    internal JoinDefinition? Definition => Join?.Definition;

    /// <summary>Bytes of events since the last snapshot.</summary>
    internal long JournalBytes { get; private set; }

    /// <summary>Outputs rendered by this incarnation.</summary>
    internal long Outputs { get; private set; }

    /// <summary>Whether an event was handed out by <see cref="NextEvent"/> and not applied yet.</summary>
    internal bool Persisting { get; private set; }

    /// <summary>Messages to send; the shell empties it after every call.</summary>
    internal List<KeyGroupReply> Replies { get; } = [];

    /// <summary>Outputs that the broker has not acknowledged, oldest first; after a recovery they are sent again.</summary>
    internal IEnumerable<UnconfirmedOutputs> Unconfirmed => _unconfirmed;

    internal PartitionClocks Clocks { get; private set; } = new();

    internal IntervalJoin? Join { get; private set; }

    /// <summary>Whether nothing waits for the journal or the broker.</summary>
    internal bool Idle => !Persisting && _pending.Count == 0 && _pendingTicks.Count == 0 && _pendingRaise is null && _unconfirmed.Count == 0;

    /// <summary>Whether a snapshot is due: the journal since the last one outweighs the live state.</summary>
    internal bool SnapshotIsDue => JournalBytes > _limits.SnapshotBytesMin && JournalBytes > (Join?.Slabs.Bytes ?? 0);

    /// <summary>
    /// Ends the replay. Where the journal has no definition yet, or another one, the next event says so. So with the journal's id: it may
    /// have been renewed while this group was down.
    /// </summary>
    internal void Recovered()
    {
        Outputs = 0;
        if (Join is null || !DefinitionsEqual(Join.Definition, _configured))
            _pendingDefinition = _configured;
        if (JournalId != _currentJournalId)
            _pendingJournalId = _currentJournalId;
    }

    /// <summary>Takes batches in, answers what is covered already, and refuses what leaves a gap.</summary>
    internal void Offer(Deliver message, object sender)
    {
        if (_pendingBytes + message.Batches.Length > _limits.PendingBytesMax && _pending.Count > 0)
            return; // the sender sends it again
        var starts = EventCodec.Starts(message.Batches, 0);
        var covered = new CoveredPartition[starts.Length];
        var isNew = false;
        for (var i = 0; i < starts.Length; i++)
        {
            var header = RecordBatch.Validate(message.Batches.AsSpan(starts[i]));
            var accepted = Accepted(header.PartitionId, covered.AsSpan(0, i));
            if (accepted >= 0 && header.From > accepted)
            {
                Replies.Add(new(sender, new GroupGap(Number, header.PartitionId, accepted)));
                return;
            }

            covered[i] = new CoveredPartition(header.PartitionId, header.To);
            isNew |= accepted < header.To;
        }

        if (!isNew)
        {
            Await(new AwaitedAck(0, sender, covered, null));
            return;
        }

        foreach (var item in covered)
            _accepted[item.Partition] = Math.Max(Accepted(item.Partition), item.Through);
        _pending.Add(new PendingMessage(message.Batches, sender, covered));
        _pendingBytes += message.Batches.Length;
    }

    /// <summary>
    /// Takes ticks in. They wait for the next event; <see cref="DeliverTicks.Flush"/>, or a row that they make due, brings one about.
    /// </summary>
    internal void Offer(DeliverTicks message, object sender)
    {
        var covered = new List<CoveredPartition>(message.Ticks.Length);
        var isNew = false;
        foreach (var tick in message.Ticks)
        {
            var accepted = Accepted(tick.Partition);
            if (accepted >= 0 && accepted < tick.From)
            {
                Replies.Add(new(sender, new GroupGap(Number, tick.Partition, accepted)));
                continue;
            }

            covered.Add(new CoveredPartition(tick.Partition, tick.Through));
            isNew |= Merge(tick);
        }

        if (covered.Count > 0)
            Await(new AwaitedAck(0, sender, [.. covered], null));
        if (isNew && (message.Flush || (Join is not null && Join.WouldEmit(Clocks.WatermarksWith(_pendingTicks.Values)))))
            _mustFlush = true;
    }

    /// <summary>Raises the sides' watermarks with the next event; the answer comes when its rows are out.</summary>
    internal void Offer(CloseTime message, object sender)
    {
        _pendingRaise = (message.Left, message.Right);
        _mustFlush = true;
        _pendingAcks.Add(new AwaitedAck(0, sender, [], new TimeClosed(Number)));
    }

    /// <summary>Gives the outputs to come a new first part of their ids; the answer comes when that is journaled.</summary>
    internal void Offer(RenewJournal message, object sender)
    {
        if (message.JournalId == JournalId && _pendingJournalId is null)
        {
            Await(new AwaitedAck(0, sender, [], null));
            return;
        }

        _pendingJournalId = message.JournalId;
        _mustFlush = true;
        _pendingAcks.Add(new AwaitedAck(0, sender, [], null));
    }

    /// <summary>Journals what is known at once; the answer comes when it is done and all rows are out.</summary>
    internal void Offer(FlushGroup message, object sender)
    {
        FlushIfStale();
        if (_mustFlush)
            _pendingAcks.Add(new AwaitedAck(0, sender, [], null));
        else
            Await(new AwaitedAck(0, sender, [], null));
    }

    /// <summary>Says that ticks and confirmations have waited long enough: the next event is due even without records.</summary>
    internal void FlushIfStale()
    {
        _mustFlush |= _pendingTicks.Count > 0 || _pendingAcks.Count > 0 || _confirmedOutputs > _journaledConfirmation;
    }

    /// <summary>
    /// All that waits, as one event for the journal; null where nothing does, where the last one is still under way, or where the
    /// broker is too far behind.
    /// </summary>
    internal byte[]? NextEvent()
    {
        if (Persisting || (_pending.Count == 0 && !_mustFlush) || _unconfirmedBytes > _limits.UnconfirmedBytesMax)
            return null;
        var taken = TakePending(out var batches);
        var content = new EventContent
        {
            ConfirmedThrough = ConfirmedThrough,
            Definition = _pendingDefinition,
            JournalId = _pendingJournalId ?? (Join is null ? JournalId : null),
            Raise = _pendingRaise,
            Ticks = [.. _pendingTicks.Values],
        };
        foreach (var message in taken)
            _awaited.Enqueue(new AwaitedAck(Sequence + 1, message.Sender, message.Covered, null));
        QueueCoveredAcks(taken);
        _pendingTicks.Clear();
        _pendingRaise = null;
        _pendingJournalId = null;
        _pendingDefinition = null;
        _mustFlush = false;
        Persisting = true;
        return EventCodec.Write(content, batches);
    }

    /// <summary>
    /// Applies an event that is durable, in a replay and in life alike. Returns the outputs, which are unconfirmed from now on; empty
    /// where there were none.
    /// </summary>
    /// <exception cref="MalformedBatchException">The bytes are no event.</exception>
    internal byte[] Apply(long sequence, byte[] bytes)
    {
        var content = EventCodec.Read(bytes);
        Persisting = false;
        Sequence = sequence;
        JournalBytes += bytes.Length;
        if (content.JournalId is not null)
            JournalId = content.JournalId;
        if (content.Definition is not null)
            Define(content.Definition);
        if (Join is null || _encoder is null)
            throw new MalformedBatchException($"event {sequence} of key group {Number} comes before the join's definition");
        _journaledConfirmation = Math.Max(_journaledConfirmation, content.ConfirmedThrough);
        DropConfirmed(content.ConfirmedThrough);

        HearOfPartitions(bytes, content);
        var slab = content.BatchStarts.Length > 0 ? Join.Begin(bytes, content.BatchStarts) : -1;
        foreach (var start in content.BatchStarts)
            ApplyRecords(bytes, slab, start);
        foreach (var start in content.BatchStarts)
            RaiseBy(BatchHeader.Read(bytes.AsSpan(start)));
        foreach (var tick in content.Ticks)
            Clocks.Raise(tick.Partition, tick.PartitionCount, tick.Through, tick.Watermark);
        if (content.Raise is { } raise)
        {
            Clocks.RaiseSide(Side.Left, raise.Left);
            Clocks.RaiseSide(Side.Right, raise.Right);
        }

        Join.Advance(slab, Clocks.Watermarks(), _encoder, settle: content.Raise is not null);
        Outputs += _encoder.Count;
        var outputs = _encoder.Take();
        if (outputs.Length > 0)
        {
            _unconfirmed.AddLast(new UnconfirmedOutputs(sequence, JournalId, outputs));
            _unconfirmedBytes += outputs.Length;
        }

        return outputs;
    }

    /// <summary>Ends the step in which an event was applied: answers what is confirmed now.</summary>
    internal void AnswerConfirmed()
    {
        var confirmed = ConfirmedThrough;
        while (_awaited.TryPeek(out var ack) && ack.Sequence <= confirmed)
        {
            _awaited.Dequeue();
            Reply(ack);
        }
    }

    /// <summary>The broker acknowledged every output of an event.</summary>
    internal void Confirm(long sequence)
    {
        for (var node = _unconfirmed.First; node is not null && node.Value.Sequence <= sequence; node = node.Next)
        {
            if (node.Value.Sequence != sequence)
                continue;
            _unconfirmedBytes -= node.Value.Bytes.Length;
            _unconfirmed.Remove(node);
            _confirmedOutputs = Math.Max(_confirmedOutputs, sequence);
            break;
        }

        AnswerConfirmed();
    }

    /// <summary>The state as bytes, in the form of <see cref="SnapshotCodec"/>.</summary>
    internal byte[] TakeSnapshot()
    {
        JournalBytes = 0;
        return SnapshotCodec.Write(this, _unconfirmed);
    }

    /// <summary>Takes a snapshot's state; the events after it follow by <see cref="Apply"/>.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no snapshot.</exception>
    internal void Restore(byte[] snapshot)
    {
        var content = SnapshotCodec.Read(snapshot);
        Sequence = content.Sequence;
        JournalId = content.JournalId;
        Clocks = content.Clocks;
        Define(content.Definition);
        _journaledConfirmation = content.ConfirmedThrough;
        foreach (var outputs in content.Unconfirmed)
        {
            _unconfirmed.AddLast(outputs);
            _unconfirmedBytes += outputs.Bytes.Length;
        }

        SnapshotCodec.ReadState(snapshot, content, Join!);
    }

    /// <summary>The group as it is now.</summary>
    internal GroupStatus Status(long events)
    {
        var watermarks = Clocks.Watermarks();
        var (left, right) = Join?.LeastThatClose() ?? (SideWatermarks.None, SideWatermarks.None);
        return new GroupStatus(
            Number,
            Sequence,
            ConfirmedThrough,
            Join?.Ledger(Side.Left) ?? default,
            Join?.Ledger(Side.Right) ?? default,
            watermarks.Left,
            watermarks.Right,
            watermarks.LeftHolder.ToString(),
            watermarks.RightHolder.ToString(),
            Join?.Count ?? 0,
            Join?.Bytes ?? 0,
            JournalBytes,
            left,
            right,
            Idle,
            Outputs,
            events);
    }

    static bool DefinitionsEqual(JoinDefinition a, JoinDefinition b) =>
        DefinitionCodec.Write(a).AsSpan().SequenceEqual(DefinitionCodec.Write(b));

    void Define(JoinDefinition definition)
    {
        if (Join is null)
            Join = IntervalJoin.Create(definition);
        else
            Join.Redefine(definition);
        _encoder = new OutputEncoder(definition, _rowWriters(definition));
    }

    // First of all, since new partitions begin at the watermark as the last event left it.
    void HearOfPartitions(byte[] bytes, EventContent content)
    {
        foreach (var start in content.BatchStarts)
        {
            var header = BatchHeader.Read(bytes.AsSpan(start));
            Clocks.HearOf(header.PartitionId, header.PartitionCount);
        }

        foreach (var tick in content.Ticks)
            Clocks.HearOf(tick.Partition, tick.PartitionCount);
    }

    void ApplyRecords(byte[] bytes, int slab, int start)
    {
        var header = BatchHeader.Read(bytes.AsSpan(start));
        var covered = Clocks.CoveredThrough(header.PartitionId);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            if (record.Offset >= covered)
                Join!.Add(slab, position, header, record, _encoder!);
            position = record.Next;
        }

        // Coverage at once, since the same event may hold a batch twice; watermarks after the last record.
        Clocks.Raise(header.PartitionId, header.PartitionCount, header.To, SideWatermarks.None);
    }

    void RaiseBy(in BatchHeader header)
    {
        if (header.Watermark != BatchHeader.NoWatermark)
            Clocks.Raise(header.PartitionId, header.PartitionCount, header.To, header.Watermark);
    }

    List<PendingMessage> TakePending(out List<byte[]> batches)
    {
        var count = 0;
        var bytes = 0L;
        while (count < _pending.Count && (count == 0 || bytes + _pending[count].Batches.Length <= _limits.EventBytesMax))
            bytes += _pending[count++].Batches.Length;
        var taken = _pending.GetRange(0, count);
        _pending.RemoveRange(0, count);
        _pendingBytes -= bytes;
        batches = taken.ConvertAll(message => message.Batches);
        return taken;
    }

    // An answer to a batch that came twice goes with the event that holds it, which is not this one if that is full.
    void QueueCoveredAcks(List<PendingMessage> taken)
    {
        if (_pendingAcks.Count == 0)
            return;
        var covered = new Dictionary<PartitionId, long>();
        foreach (var tick in _pendingTicks.Values)
            covered[tick.Partition] = tick.Through;
        foreach (var item in taken.SelectMany(message => message.Covered))
            covered[item.Partition] = Math.Max(covered.GetValueOrDefault(item.Partition, -1), item.Through);
        bool IsCovered(CoveredPartition item) =>
            Math.Max(Clocks.CoveredThrough(item.Partition), covered.GetValueOrDefault(item.Partition, -1)) >= item.Through;
        foreach (var ack in _pendingAcks.Where(ack => ack.Covered.All(IsCovered)))
            _awaited.Enqueue(ack with { Sequence = Sequence + 1 });
        _pendingAcks.RemoveAll(ack => ack.Covered.All(IsCovered));
    }

    // A message may hold several batches of a partition, one after the other.
    long Accepted(PartitionId partition, ReadOnlySpan<CoveredPartition> before)
    {
        var accepted = Accepted(partition);
        foreach (var item in before)
        {
            if (item.Partition == partition)
                accepted = Math.Max(accepted, item.Through);
        }

        return accepted;
    }

    long Accepted(PartitionId partition) =>
        Math.Max(Clocks.CoveredThrough(partition), _accepted.TryGetValue(partition, out var accepted) ? accepted : -1);

    bool Merge(in Tick tick)
    {
        var watermark = Clocks.Known.TryGetValue(tick.Partition, out var clock) ? clock.Watermark : SideWatermarks.None;
        var covered = Clocks.CoveredThrough(tick.Partition);
        if (tick.Through <= covered && tick.Watermark <= watermark && tick.PartitionCount <= Clocks.CountOf(tick.Partition))
            return false;
        if (_pendingTicks.TryGetValue(tick.Partition, out var pending))
        {
            _pendingTicks[tick.Partition] = tick with
            {
                PartitionCount = Math.Max(pending.PartitionCount, tick.PartitionCount),
                Through = Math.Max(pending.Through, tick.Through),
                Watermark = Math.Max(pending.Watermark, tick.Watermark),
            };
        }
        else
        {
            _pendingTicks[tick.Partition] = tick;
        }

        _accepted[tick.Partition] = Math.Max(Accepted(tick.Partition), tick.Through);
        return true;
    }

    // Answers what is journaled and confirmed already; what is not waits for the last event, or for the next one.
    void Await(in AwaitedAck ack)
    {
        var journaled = true;
        foreach (var item in ack.Covered)
            journaled &= Clocks.CoveredThrough(item.Partition) >= item.Through;
        if (journaled && Sequence <= ConfirmedThrough)
            Reply(ack);
        else if (IsAwaited(journaled ? _awaited : _pendingAcks, ack))
            return; // sent again while the journal or the broker is slow: one answer is enough
        else if (!journaled)
            _pendingAcks.Add(ack);
        else
            _awaited.Enqueue(ack with { Sequence = Persisting ? Sequence + 1 : Sequence });
    }

    static bool IsAwaited(IEnumerable<AwaitedAck> acks, in AwaitedAck ack)
    {
        foreach (var other in acks)
        {
            if (other.Message is null && other.Sender.Equals(ack.Sender) && other.Covered.AsSpan().SequenceEqual(ack.Covered))
                return true;
        }

        return false;
    }

    void DropConfirmed(long through)
    {
        while (_unconfirmed.First is { } first && first.Value.Sequence <= through)
        {
            _unconfirmedBytes -= first.Value.Bytes.Length;
            _unconfirmed.RemoveFirst();
        }
    }

    void Reply(in AwaitedAck ack) => Replies.Add(new(ack.Sender, ack.Message ?? new GroupAck(Number, ack.Covered)));
}
