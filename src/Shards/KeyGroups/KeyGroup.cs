using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The protocol of one key group as pure code, without clock, I/O or actor: what is accepted, what goes into the next journal event,
/// what an event does, what is confirmed, and who is told. <see cref="KeyGroupShell"/> says when to persist and
/// send.
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
/// <para>
/// A journal may be rolled back (a restored copy, a promoted standby). So each life of a group, its <see cref="Journal.Incarnation"/>, has 64 random bits of its
/// own, drawn when it recovers. Each event names who wrote it and who wrote the one before. Invariants: an event is known by its <see cref="EventId"/> alone, its number
/// may come again; rows are named by the event's, so no id names two rows; of what is known from outside of an event (that it is
/// confirmed) nothing counts unless the group has met that very event.
/// </para>
/// </summary>
sealed class KeyGroup
{
    readonly KeyGroupLimits _limits;
    readonly Func<Incarnation> _draw;
    readonly JoinDefinition _configured;
    readonly Func<JoinDefinition, IRowWriter> _rowWriters;
    readonly SlabPool _pool;

    readonly PendingEvent _pending;
    readonly Confirmations _confirmations = new();

    // Of JournalBytes, those of the events that the last capture has; and about how long its snapshot is, as is that of the one before.
    long _capturedBytes;
    long _captureLength;
    long _snapshotLength;

    OutputEncoder? _encoder;

    // As the last event or the snapshot said it, for what was unconfirmed then or came later. Null where it did not say.
    OutputPositions? _journaledFrom;

    internal KeyGroup(
        int number,
        JoinDefinition configured,
        Func<Incarnation> incarnations,
        Func<JoinDefinition, IRowWriter> rowWriters,
        KeyGroupLimits limits,
        SlabPool? pool = null)
    {
        Number = number;
        _draw = incarnations;
        _configured = configured;
        _rowWriters = rowWriters;
        _limits = limits;
        _pool = pool ?? new HeapSlabPool();
        _pending = new PendingEvent(limits);
    }

    /// <summary>The key group's number.</summary>
    internal int Number { get; }

    /// <summary>Who wrote the last event that was applied, as the first part of the ids of its outputs.</summary>
    internal string IncarnationText { get; private set; } = "";

    /// <summary>This life of the group; drawn when it recovers.</summary>
    internal Incarnation Own { get; private set; }

    /// <summary>Who wrote which event.</summary>
    internal IncarnationHistory History { get; private set; } = new();

    /// <summary>The sequence number of the last event applied.</summary>
    internal long Sequence { get; private set; }

    /// <summary>The last event whose outputs are all confirmed, with all before it.</summary>
    internal long ConfirmedThrough => _confirmations.Through(Sequence);

    /// <summary>The same, with who wrote it; null where there is none, or it is not known.</summary>
    internal EventId? Confirmed => History.Find(ConfirmedThrough);

    /// <summary>The definition as journaled, or null before the first event.</summary>
    internal JoinDefinition? Definition => Join?.Definition;

    /// <summary>Bytes of events since the last snapshot that is durable.</summary>
    internal long JournalBytes { get; private set; }

    /// <summary>Rows put out by this incarnation.</summary>
    internal long Rows { get; private set; }

    /// <summary>Copies for the late topic put out by this incarnation.</summary>
    internal long LateCopies { get; private set; }

    /// <summary>Whether an event was handed out by <see cref="NextEvent"/> and not applied yet.</summary>
    internal bool Persisting { get; private set; }

    /// <summary>The format to write events in.</summary>
    internal byte FormatVersion { get; set; } = FormatVersions.Newest;

    /// <summary>Messages to send; the shell empties it after every call.</summary>
    internal List<KeyGroupReply> Replies { get; } = [];

    /// <summary>Outputs that the broker has not acknowledged, oldest first; after a recovery they are sent again.</summary>
    internal IReadOnlyCollection<UnconfirmedOutputs> Unconfirmed => _confirmations.Outputs;

    /// <summary>
    /// Where outputs that are handed out from now on can begin; set by the shell before each call that makes or applies an event, or takes a
    /// snapshot. Null = outputs are not looked for after a crash. An old one does no harm.
    /// </summary>
    internal OutputPositions? Produced { get; set; }

    /// <summary>No unconfirmed output lies below it, nor any to come. Null = not known.</summary>
    internal OutputPositions? OutputsFrom => _confirmations.From(Produced);

    /// <summary>Bytes of <see cref="Unconfirmed"/>.</summary>
    internal long UnconfirmedBytes => _confirmations.Bytes;

    /// <summary>Bytes of all that is held beside the slabs: tables, what waits for the journal, outputs that wait for the broker.</summary>
    internal long BytesBesideSlabs => (Join?.TableBytes ?? 0) + _pending.Bytes + _confirmations.Bytes;

    internal PartitionClocks Clocks { get; private set; } = new();

    internal IntervalJoin? Join { get; private set; }

    /// <summary>Whether nothing waits for the journal or the broker.</summary>
    internal bool Idle => !Persisting && _pending.IsEmpty && _confirmations.Outputs.Count == 0;

    /// <summary>Whether there is nothing that a successor would have to do again: no event under way, every row confirmed, and the journal knows.</summary>
    internal bool IsSettled => !Persisting && _confirmations.Outputs.Count == 0 && !_confirmations.AreAhead;

    /// <summary>
    /// Whether a snapshot is due: a recovery would read more than so many times the live state, which are two. So while the state grows none is, since the
    /// journal is the state then; and from there on one for each time that the journal outweighs it.
    /// </summary>
    internal bool SnapshotIsDue => JournalBytes > _limits.SnapshotBytesMin && _snapshotLength + JournalBytes > _limits.RecoveryReadMax * LiveBytes;

    long LiveBytes => Join?.LiveBytes ?? 0;

    /// <summary>Ends the replay. Where the journal has no definition yet, or another one, the next event says so.</summary>
    /// <param name="confirmed">
    /// The last event that is known to be confirmed, beside what the journal says; null = none. It counts only where the replay has met that very event:
    /// another one of its number may have rows that nobody has written.
    /// </param>
    internal void Recovered(EventId? confirmed = null)
    {
        Own = _draw();
        if (confirmed is { } known && History.Holds(known, Sequence))
            _confirmations.Known(known.Number);
        _confirmations.Recovered(_journaledFrom);
        Rows = 0;
        LateCopies = 0;
        if (Join is null || !DefinitionsEqual(Join.Definition, _configured))
            _pending.Define(_configured);
    }

    /// <summary>What is configured; <see cref="Definition"/> is what is journaled.</summary>
    internal JoinDefinition Configured => _configured;

    /// <summary>The highest watermark that was taken in, journaled or not, by this incarnation.</summary>
    internal long HighestOffered { get; private set; } = SideWatermarks.None;

    /// <summary>The offset through which the partition is covered once all that waits is journaled; -1 where nothing is known of it.</summary>
    internal long AcceptedThrough(PartitionId partition) => _pending.Accepted(Clocks, partition);

    /// <summary>Whether an event follows the last one that was applied; of format 1 that is not known.</summary>
    internal bool Follows(byte[] bytes) => EventCodec.PredecessorOf(bytes) is not { } predecessor || History.Last is not { } last || predecessor == last;

    /// <summary>Takes batches in, answers what is covered already, and refuses what leaves a gap.</summary>
    internal void Offer(Deliver message, object sender)
    {
        if (!_pending.HasRoomFor(message.Batches.Length))
            return; // the sender sends it again
        var starts = EventCodec.Starts(message.Batches, 0);
        var covered = new CoveredPartition[starts.Length];
        var isNew = false;
        var highest = HighestOffered;
        for (var i = 0; i < starts.Length; i++)
        {
            var header = RecordBatch.Validate(message.Batches.AsSpan(starts[i]));
            highest = Math.Max(highest, header.Watermark);
            var accepted = _pending.Accepted(Clocks, header.PartitionId, covered.AsSpan(0, i));
            var expected = Math.Max(accepted, 0);
            if (header.From > expected)
            {
                Reply(new AwaitedAck(0, sender, [], new GroupGap(Number, header.PartitionId, expected)));
                return;
            }

            covered[i] = new CoveredPartition(header.PartitionId, header.To);
            isNew |= accepted < header.To;
        }

        HighestOffered = highest;
        if (isNew)
            _pending.Add(new PendingMessage(message.Batches, sender, covered));
        else
            Await(new AwaitedAck(0, sender, covered, null));
    }

    /// <summary>
    /// Takes ticks in. They wait for the next event; <see cref="DeliverTicks.Flush"/>, or a row that they make due, brings one about.
    /// </summary>
    internal void Offer(DeliverTicks message, object sender)
    {
        foreach (var id in message.RestsOn)
        {
            if (History.Holds(id, Sequence))
                continue;
            RefuseLost(id, sender);
            return;
        }

        var covered = new List<CoveredPartition>(message.Ticks.Length);
        var isNew = false;
        foreach (var tick in message.Ticks)
        {
            var accepted = _pending.Accepted(Clocks, tick.Partition);
            if (accepted >= 0 && accepted < tick.From)
            {
                RefuseTick(new GroupGap(Number, tick.Partition, accepted), message.Flush, sender);
                continue;
            }

            // A tick of nothing asks how far the group is.
            var through = tick.From < tick.Through ? tick.Through : Math.Max(tick.Through, Clocks.CoveredThrough(tick.Partition));
            covered.Add(new CoveredPartition(tick.Partition, through));
            isNew |= _pending.Add(tick, Clocks);
            HighestOffered = Math.Max(HighestOffered, tick.Watermark);
        }

        if (covered.Count > 0)
            Await(new AwaitedAck(0, sender, [.. covered], null) { Stamp = message.Stamp });
        if (isNew && (message.Flush || (Join is not null && Join.WouldEmit(Clocks.WatermarksWith(_pending.Ticks)))))
            _pending.MustFlush = true;
    }

    /// <summary>Raises the sides' watermarks with the next event; the answer comes when its rows are out.</summary>
    internal void Offer(CloseTime message, object sender) =>
        _pending.Raise(message.Left, message.Right, new AwaitedAck(0, sender, [], new TimeClosed(Number)));

    /// <summary>Journals what is known at once; the answer comes when it is done and all rows are out.</summary>
    internal void Offer(FlushGroup message, object sender)
    {
        FlushIfStale();
        var ack = new AwaitedAck(0, sender, [], null);
        if (_pending.MustFlush)
            _pending.Add(ack);
        else
            Await(ack);
    }

    /// <summary>Says that ticks and confirmations have waited long enough: the next event is due even without records.</summary>
    internal void FlushIfStale() => _pending.MustFlush |= _pending.HasUnflushed || _confirmations.AreUnwritten;

    /// <summary>Drops what waits for the journal, before an orderly stop; the next incarnation gets it from its senders.</summary>
    internal void DropPending() => _pending.Clear();

    /// <summary>
    /// All that waits, as one event for the journal; null where nothing does, where the last one is still under way, or where the
    /// broker is too far behind.
    /// </summary>
    internal byte[]? NextEvent()
    {
        if (Persisting || !_pending.IsDue || _confirmations.Bytes > _limits.UnconfirmedBytesMax)
            return null;
        Persisting = true;
        _confirmations.Written(ConfirmedThrough);
        var known = new EventContent
        {
            FormatVersion = FormatVersion,
            ConfirmedThrough = ConfirmedThrough,
            Incarnation = Own,
            Predecessor = History.Last ?? Own,
            JournalId = FormatVersion < FormatVersions.Incarnations && History.Last != Own ? Own.ToString() : null,
            OutputsFrom = OutputsFrom,
        };
        return _pending.Take(known, Clocks, ack => _confirmations.Await(ack with { Sequence = Sequence + 1 }), Number, Sequence + 1);
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
        LearnWriter(content);
        if (content.Definition is not null)
            Define(content.Definition);
        if (Join is null || _encoder is null)
            throw new MalformedBatchException($"event {sequence} of key group {Number} comes before the join's definition");
        _confirmations.Journaled(content.ConfirmedThrough);
        _journaledFrom = content.OutputsFrom;

        HearOfPartitions(bytes, content);
        Join.Begin(bytes);
        foreach (var start in content.BatchStarts)
            Join.ReadAhead(start);
        foreach (var start in content.BatchStarts)
            ApplyRecords(bytes, start);
        foreach (var start in content.BatchStarts)
            RaiseBy(BatchHeader.Read(bytes.AsSpan(start)));
        foreach (var tick in content.Ticks)
            Clocks.Raise(tick.Partition, tick.PartitionCount, tick.Through, tick.Watermark);
        if (content.Raise is { } raise)
        {
            Clocks.RaiseSide(Side.Left, raise.Left);
            Clocks.RaiseSide(Side.Right, raise.Right);
        }

        Join.Advance(Clocks.Watermarks(), _encoder, settle: content.Raise is not null);
        Rows += _encoder.Count - _encoder.LateCount;
        LateCopies += _encoder.LateCount;
        var outputs = _encoder.Take();
        if (outputs.Length > 0)
            _confirmations.Add(new UnconfirmedOutputs(sequence, IncarnationText, outputs) { From = Produced });

        return outputs;
    }

    /// <summary>Ends the step in which an event was applied: answers what is confirmed now.</summary>
    internal void AnswerConfirmed()
    {
        while (_confirmations.TryTakeAnswer(ConfirmedThrough, out var ack))
            Reply(ack);
    }

    /// <summary>The broker acknowledged every output of an event.</summary>
    /// <param name="incarnation">Who wrote it, as in its outputs' ids.</param>
    /// <param name="sequence">Its number.</param>
    internal void Confirm(string incarnation, long sequence)
    {
        _confirmations.Confirm(incarnation, sequence);
        AnswerConfirmed();
    }

    /// <summary>The group as it is now, to be written as a snapshot on any thread.</summary>
    internal SnapshotCapture Capture()
    {
        _capturedBytes = JournalBytes;
        _captureLength = LiveBytes;
        return new SnapshotCapture(this, _confirmations.Outputs);
    }

    /// <summary>What was captured last is durable. Until then, and where it fails, the next snapshot stays due.</summary>
    internal void SnapshotSaved()
    {
        JournalBytes -= _capturedBytes;
        _capturedBytes = 0;
        _snapshotLength = _captureLength;
    }

    /// <summary>The group as it is now as one snapshot without chunks, however large.</summary>
    internal byte[] TakeSnapshot()
    {
        using var capture = new SnapshotCapture(this, _confirmations.Outputs);
        using var writer = new SnapshotWriter(capture, int.MaxValue);
        writer.NextChunk();
        return writer.Manifest();
    }

    /// <summary>Takes a snapshot's state; the events after it follow by <see cref="Apply"/>.</summary>
    /// <param name="snapshot">The snapshot, or its manifest.</param>
    /// <param name="chunks">Gives a chunk by its number, from 0 on; null where it is not there.</param>
    /// <returns>Whether every chunk was there and whole; if not, the group is of no use.</returns>
    /// <exception cref="MalformedBatchException">The bytes are no snapshot.</exception>
    internal bool Restore(byte[] snapshot, Func<int, byte[]?>? chunks = null)
    {
        var content = SnapshotCodec.Read(snapshot);
        Sequence = content.Sequence;
        IncarnationText = content.IncarnationText;
        History = content.History;
        Clocks = content.Clocks;
        Define(content.Definition);
        foreach (var outputs in content.Unconfirmed)
            _confirmations.Add(outputs);
        _confirmations.Journaled(content.ConfirmedThrough);
        _confirmations.Recovered(content.OutputsFrom);
        _journaledFrom = content.OutputsFrom;

        Join!.Ledger(Side.Left) = content.Left;
        Join.Ledger(Side.Right) = content.Right;
        if (content.Chunks.Count == 0)
            SnapshotCodec.ReadState(snapshot, content, Join);
        for (var i = 0; i < content.Chunks.Count; i++)
        {
            if (chunks?.Invoke(i) is not { } chunk || SnapshotChunk.Of(chunk) != content.Chunks[i])
                return false;
            SnapshotCodec.ReadChunk(chunk, Join);
        }

        Join.Restored(Clocks.Watermarks());
        _snapshotLength = LiveBytes;
        return true;
    }

    /// <summary>Gives the state's memory back; the group is at its end.</summary>
    internal void Release() => Join?.Release();

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
            Rows,
            LateCopies,
            events,
            _confirmations.Outputs.Count,
            Covered());
    }

    // A partition whose watermark alone is known is covered nowhere.
    CoveredPartition[] Covered() =>
        [.. Clocks.Known.Where(p => p.Value.CoveredThrough >= 0).Select(p => new CoveredPartition(p.Key, p.Value.CoveredThrough))];

    static bool DefinitionsEqual(JoinDefinition a, JoinDefinition b) =>
        DefinitionCodec.Write(a).AsSpan().SequenceEqual(DefinitionCodec.Write(b));

    void Define(JoinDefinition definition)
    {
        if (Join is null)
            Join = IntervalJoin.Create(definition, _pool);
        else
            Join.Redefine(definition);
        _encoder = new OutputEncoder(definition, _rowWriters(definition));
    }

    // In format 1 an incarnation says who it is in its first event, where the journal's id stood before.
    void LearnWriter(EventContent content)
    {
        var incarnation = content.Incarnation ?? (content.JournalId is { } text ? Incarnation.Of(text) : History.Last);
        if (incarnation is not { } writer)
            throw new MalformedBatchException($"event {Sequence} of key group {Number} does not say who wrote it");
        if (content.JournalId is not null)
            IncarnationText = content.JournalId;
        else if (writer != History.Last)
            IncarnationText = writer.ToString();
        History.Wrote(writer, Sequence);
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

    void ApplyRecords(byte[] bytes, int start)
    {
        var header = BatchHeader.Read(bytes.AsSpan(start));
        var covered = Clocks.CoveredThrough(header.PartitionId);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            if (record.Offset >= covered)
                Join!.Add(start, position, header, record, _encoder!);
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

    // A tick to be journaled at once asks how far the group is, and what is named below its offset says that the journal was lost in part. Only
    // an event of its own proves an incarnation to be the newest: one that was overtaken would name what its successor has left behind.
    void RefuseTick(GroupGap gap, bool atOnce, object sender)
    {
        if (!atOnce)
        {
            Reply(new AwaitedAck(0, sender, [], gap));
            return;
        }

        _pending.Add(new AwaitedAck(0, sender, [], gap with { IsProven = true }));
        _pending.MustFlush = true;
    }

    // Whatever the ticks say, the sender believes of the group what is not so. Proven like a gap, and for the same reason: to an incarnation that was overtaken
    // its successor's events are unknown too.
    void RefuseLost(EventId lost, object sender)
    {
        _pending.Add(new AwaitedAck(0, sender, [], new GroupFellBack(Number, lost, [])));
        _pending.MustFlush = true;
    }

    // Answers what is journaled and confirmed already; what is not waits for the last event, or for the next one.
    void Await(in AwaitedAck ack)
    {
        var journaled = true;
        foreach (var item in ack.Covered)
            journaled &= Clocks.CoveredThrough(item.Partition) >= item.Through;
        if (!journaled)
            _pending.Add(ack);
        else if (Sequence <= ConfirmedThrough)
            Reply(ack);
        else
            _confirmations.Await(ack with { Sequence = Persisting ? Sequence + 1 : Sequence });
    }

    void Reply(in AwaitedAck ack)
    {
        EventId? rests = FormatVersion < FormatVersions.Incarnations ? null : History.Find(Sequence);
        Replies.Add(new(ack.Sender, ack.Message switch
        {
            null => new GroupAck(Number, ack.Covered) { Event = rests, Stamp = ack.Stamp },
            GroupGap gap => gap with { Event = rests },
            GroupFellBack fell => fell with { Event = rests, Covered = Covered() },
            _ => ack.Message,
        }));
    }
}
