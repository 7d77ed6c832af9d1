using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Partitions;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The protocol of one key group as pure code: without clock, I/O or actor. <see cref="KeyGroupShell"/> decides when to
/// persist and send.
/// <para>
/// The way of a batch takes three calls:
/// <list type="number">
/// <item><see cref="Offer(Deliver, object)"/> takes the batch in (<see cref="KeyGroupIntake"/>). It waits in
/// <see cref="PendingEvent"/>. A batch that begins above the accepted offset would leave a gap and is refused.</item>
/// <item><see cref="NextEvent"/> puts everything that waits into one event. The shell persists it. One event is under
/// way at a time.</item>
/// <item><see cref="Apply"/> applies the event once it is durable (<see cref="AppliedState"/>) and returns its rows.
/// The shell sends them to the broker.</item>
/// </list>
/// When the broker has acknowledged the rows the shell calls <see cref="Confirm"/>, and the sender's answer appears in
/// <see cref="Replies"/> (<see cref="AnswerQueue"/>).
/// </para>
/// <para>
/// Example. The group has applied partition left/0 up to offset 10, and its last event is 7. A batch [10, 14) is
/// offered: the accepted offset becomes 14, the applied offset stays 10. NextEvent makes event 8 of it. While 8 is
/// being persisted, a batch [14, 15) waits, and a batch [20, 22) is refused with a gap at 15. Apply(8) sets the applied
/// offset to 14 and returns three rows. The broker acknowledges them, Confirm(8) makes 8 the last confirmed event, and
/// the sender hears that [10, 14) is acknowledged.
/// </para>
/// <para>
/// The three offsets of a partition, all exclusive: accepted (waits or is applied) >= applied (its event is durable) >=
/// acknowledged (the rows of all those events are out). The first is kept by <see cref="PendingEvent"/>, the second by
/// <see cref="PartitionClocks"/>; the third is known to the router alone, from the answers.
/// </para>
/// <para>
/// A journal may be rolled back: an administrator restores a copy, or promotes a standby that lags. Then an event
/// number can come a second time with other content. So each life of a group is an <see cref="Journal.Incarnation"/>
/// with 64 random bits, drawn when it recovers. Each event names the incarnation that wrote it and the one that wrote
/// the event before. An event is known by its <see cref="EventId"/>, never by its number alone; and rows are named by
/// the event's id, so no two rows have the same id.
/// </para>
/// <para>
/// Invariants. Events are applied in the order of their numbers, each once. State changes in <see cref="Apply"/> and
/// <see cref="Restore"/> alone, by journaled bytes alone: a replay gives the same state and the same rows, byte for
/// byte (the simulation replays every event). Applied offsets and watermarks never go back, so a batch that comes
/// twice, late or from an overtaken incarnation changes nothing (<see cref="PartitionClocks"/>). No event leaves a gap
/// (<see cref="PendingEvent"/>). A batch is acknowledged only when its event and every event before it are confirmed
/// (<see cref="AnswerQueue"/>). The last confirmed event never goes back.
/// </para>
/// </summary>
sealed class KeyGroup
{
    readonly KeyGroupLimits _limits;
    readonly Func<Incarnation> _drawIncarnation;
    readonly AppliedState _state;
    readonly PendingEvent _pending;
    readonly Confirmations _confirmations = new();
    readonly AnswerQueue _answers;
    readonly KeyGroupIntake _intake;
    readonly SnapshotPolicy _snapshots;
    readonly HoldPolicy _holds;
    bool _isRecovered;

    internal KeyGroup(
        int number,
        JoinDefinition configured,
        Func<Incarnation> incarnations,
        Func<JoinDefinition, IRowWriter> rowWriters,
        KeyGroupLimits limits,
        SlabPool? pool = null,
        bool writesSource = false)
    {
        Configured = configured;
        _drawIncarnation = incarnations;
        _limits = limits;
        _state = new AppliedState(number, rowWriters, pool ?? new HeapSlabPool(), writesSource);
        _pending = new PendingEvent(limits);
        _answers = new AnswerQueue(_state, _pending, _confirmations);
        _intake = new KeyGroupIntake(_state, _pending, _answers);
        _snapshots = new SnapshotPolicy(limits);
        _holds = new HoldPolicy(_state, _pending, limits);
    }

    /// <summary>The key group's number.</summary>
    internal int Number => _state.Number;

    /// <summary>The definition that is configured; <see cref="Definition"/> is the one that is journaled.</summary>
    internal JoinDefinition Configured { get; }

    /// <summary>The definition as journaled, or null before the first event.</summary>
    internal JoinDefinition? Definition => State?.Definition;

    /// <summary>This life of the group; drawn when it recovers.</summary>
    internal Incarnation Own { get; private set; }

    /// <inheritdoc cref="AppliedState.IncarnationText"/>
    internal string IncarnationText => _state.IncarnationText;

    /// <inheritdoc cref="AppliedState.History"/>
    internal IncarnationHistory History => _state.History;

    /// <inheritdoc cref="AppliedState.Sequence"/>
    internal long Sequence => _state.Sequence;

    /// <inheritdoc cref="AppliedState.Clocks"/>
    internal PartitionClocks Clocks => _state.Clocks;

    /// <inheritdoc cref="AppliedState.Buffered"/>
    internal JoinState? State => _state.Buffered;

    /// <inheritdoc cref="AppliedState.Rows"/>
    internal long Rows => _state.Rows;

    /// <inheritdoc cref="AppliedState.LateCopies"/>
    internal long LateCopies => _state.LateCopies;

    /// <summary>
    /// The last confirmed event: the broker has acknowledged its rows and those of every event before it.
    /// </summary>
    internal long LastConfirmed => _confirmations.Last(Sequence);

    /// <summary>
    /// The last confirmed event with the incarnation that wrote it; null where there is none, or the incarnation is not
    /// known.
    /// </summary>
    internal EventId? LastConfirmedEvent => History.Find(LastConfirmed);

    /// <summary>Whether an event was handed out by <see cref="NextEvent"/> and not applied yet.</summary>
    internal bool Persisting => _pending.IsUnderWay;

    /// <summary>The format to write events and answers in.</summary>
    internal byte FormatVersion
    {
        get => _pending.FormatVersion;
        set
        {
            var isNew = (value >= FormatVersions.JoinTime) != (_pending.FormatVersion >= FormatVersions.JoinTime);
            _pending.FormatVersion = value;
            if (isNew && _isRecovered)
                DefineIfNew();
        }
    }

    /// <inheritdoc cref="HoldPolicy.Order"/>
    internal TimeOrder Order
    {
        get => _holds.Order;
        set => _holds.Order = value;
    }

    /// <summary>Messages to send; the shell empties it after every call.</summary>
    internal List<KeyGroupReply> Replies => _answers.Replies;

    /// <summary>
    /// Rows that the broker has not acknowledged, oldest event first; after a recovery they are sent again.
    /// </summary>
    internal IReadOnlyCollection<UnconfirmedOutputs> Unconfirmed => _confirmations.Outputs;

    /// <summary>Bytes of <see cref="Unconfirmed"/>.</summary>
    internal long UnconfirmedBytes => _confirmations.Bytes;

    /// <summary>
    /// Where rows that are handed out from now on can begin in the output topics. The shell sets it before each call
    /// that makes or applies an event, or takes a snapshot. Null = nobody looks for rows after a crash. An old value
    /// does no harm.
    /// </summary>
    internal OutputPositions? Produced { get; set; }

    /// <summary>No unconfirmed row, and none to come, lies below it in the output topics. Null = not known.</summary>
    internal OutputPositions? OutputsFrom => _confirmations.From(Produced);

    /// <summary>Bytes of events since the last durable snapshot.</summary>
    internal long JournalBytes => _snapshots.JournalBytes;

    /// <summary>
    /// Bytes of everything that is kept beside the slabs: tables, what waits for the journal, rows that wait for the
    /// broker.
    /// </summary>
    internal long BytesBesideSlabs => (State?.TableBytes ?? 0) + _pending.Bytes + _confirmations.Bytes;

    /// <summary>Whether nothing waits for the journal or the broker.</summary>
    internal bool Idle => !Persisting && !_holds.IsDue && _pending.IsEmpty && _confirmations.Outputs.Count == 0;

    /// <summary>
    /// Whether a successor would have nothing to do again: no event is under way, every row is confirmed, and the
    /// journal says so.
    /// </summary>
    internal bool IsDrained => !Persisting && _confirmations.Outputs.Count == 0 && !_confirmations.AreAhead;

    /// <inheritdoc cref="SnapshotPolicy.IsDue"/>
    internal bool SnapshotIsDue => _snapshots.IsDue(LiveBytes);

    /// <inheritdoc cref="KeyGroupIntake.HighestOffered"/>
    internal long HighestOffered => _intake.HighestOffered;

    /// <summary>
    /// The highest event time of the records that wait or are held; <see cref="SideWatermarks.None"/> or less where
    /// there are none.
    /// </summary>
    internal long HighestTime => Math.Max(_intake.HighestTimeOffered, State?.HighestTime() ?? SideWatermarks.None);

    long LiveBytes => State?.LiveBytes ?? 0;

    /// <summary>
    /// Ends the replay. Where the journal has no definition yet, or another one, the next event says so.
    /// </summary>
    /// <param name="confirmed">
    /// The last event that is known to be confirmed, beside what the journal says; null = none. It counts only where
    /// the replay has met that very event: another event with its number may have rows that nobody has written.
    /// </param>
    internal void Recovered(EventId? confirmed = null)
    {
        Own = _drawIncarnation();
        if (confirmed is { } known && History.Holds(known, Sequence))
            _confirmations.Known(known.Number);
        _confirmations.Recovered(_state.OutputsFrom);
        _state.ResetCounts();
        _isRecovered = true;
        DefineIfNew();
    }

    /// <summary>
    /// The offset up to which everything of the partition was accepted, waiting or applied, exclusive; -1 where the
    /// partition is unknown.
    /// </summary>
    internal long AcceptedOffset(PartitionId partition) => _pending.AcceptedOffset(Clocks, partition);

    /// <summary>
    /// Whether an event follows the last one that was applied. Format 1 does not say; then it counts as following.
    /// </summary>
    internal bool Follows(byte[] bytes) =>
        EventCodec.PredecessorOf(bytes) is not { } predecessor || History.Last is not { } last || predecessor == last;

    /// <inheritdoc cref="KeyGroupIntake.Offer(Deliver, object)"/>
    internal void Offer(Deliver message, object sender) => _intake.Offer(message, sender);

    /// <inheritdoc cref="KeyGroupIntake.Offer(DeliverTicks, object)"/>
    internal void Offer(DeliverTicks message, object sender) => _intake.Offer(message, sender);

    /// <inheritdoc cref="KeyGroupIntake.Offer(EndInput, object)"/>
    internal void Offer(EndInput message, object sender) => _intake.Offer(message, sender);

    /// <inheritdoc cref="KeyGroupIntake.Offer(FlushKeyGroup, object)"/>
    internal void Offer(FlushKeyGroup message, object sender) => _intake.Offer(message, sender);

    /// <inheritdoc cref="KeyGroupIntake.FlushIfStale"/>
    internal void FlushIfStale() => _intake.FlushIfStale();

    /// <summary>
    /// Drops everything that waits for the journal, before an orderly stop. The senders send it to the next
    /// incarnation.
    /// </summary>
    internal void DropPending()
    {
        _holds.Stop();
        _pending.Clear();
    }

    /// <summary>
    /// Everything that waits, as one event for the journal. Null where nothing waits, where the last event is still
    /// under way, or where the broker is too far behind.
    /// </summary>
    internal byte[]? NextEvent()
    {
        if (Persisting || !(_pending.IsDue || _holds.IsDue) || _confirmations.Bytes > _limits.UnconfirmedBytesMax)
            return null;
        _confirmations.Written(LastConfirmed);
        var hold = _holds.Next();

        // A program of an earlier format can read no event behind one that lets time rest. Until time is free again
        // there is nothing to be gained by its format.
        var format = hold is null && Clocks.TimeHold.Kind == HoldKind.Awake ? FormatVersion : FormatVersions.JoinTime;
        var known = new EventContent
        {
            FormatVersion = format,
            TimeHold = hold,
            LastConfirmed = LastConfirmed,
            Incarnation = Own,
            Predecessor = History.Last ?? Own,
            JournalId = format < FormatVersions.Incarnations && History.Last != Own ? Own.ToString() : null,
            OutputsFrom = OutputsFrom,
        };
        return _pending.StartEvent(known, Clocks, ack => _confirmations.Await(ack with { Sequence = Sequence + 1 }), Number, Sequence + 1);
    }

    /// <summary>
    /// Applies an event that is durable, in a replay and in life alike. Returns the rows, which are unconfirmed from
    /// now on; empty where there are none.
    /// </summary>
    /// <exception cref="MalformedBatchException">The bytes are no event.</exception>
    internal byte[] Apply(long sequence, byte[] bytes)
    {
        Invariant.Holds(sequence == Sequence + 1, "events are applied in order, each once");
        var content = EventCodec.Read(bytes);
        _pending.EventIsDurable();
        _snapshots.AddEvent(bytes.Length);
        var outputs = _state.Apply(sequence, bytes, content);
        _confirmations.Journaled(content.LastConfirmed);
        if (outputs.Length > 0)
            _confirmations.Add(new UnconfirmedOutputs(sequence, IncarnationText, outputs) { From = Produced });
        return outputs;
    }

    /// <summary>Ends the step in which an event was applied: answers what is confirmed now.</summary>
    internal void AnswerConfirmed() => _answers.SendConfirmed();

    /// <summary>The broker acknowledged every row of an event.</summary>
    /// <param name="incarnation">Who wrote it, as in its rows' ids.</param>
    /// <param name="sequence">Its number.</param>
    internal void Confirm(string incarnation, long sequence)
    {
        var before = LastConfirmed;
        _confirmations.Confirm(incarnation, sequence);
        Invariant.Holds(LastConfirmed >= before, "the last confirmed event never goes back");
        _answers.SendConfirmed();
    }

    /// <summary>The group as it is now, to be written as a snapshot on any thread.</summary>
    internal SnapshotCapture Capture()
    {
        _snapshots.Captured(LiveBytes);
        return NewCapture();
    }

    /// <summary>
    /// The last capture is durable. Until then, and where writing it fails, the next snapshot stays due.
    /// </summary>
    internal void SnapshotSaved() => _snapshots.Saved();

    /// <summary>The group as it is now as one snapshot without segments, however large.</summary>
    internal byte[] TakeSnapshot()
    {
        using var capture = NewCapture();
        using var writer = new SnapshotWriter(capture, int.MaxValue);
        writer.NextSegment();
        return writer.Manifest();
    }

    /// <summary>Takes a snapshot's state; the events after it follow by <see cref="Apply"/>.</summary>
    /// <param name="snapshot">The snapshot, or its manifest.</param>
    /// <param name="segments">Gives a segment by its number, from 0 on; null where it is not there.</param>
    /// <returns>Whether every segment was there and whole; if not, the group is of no use.</returns>
    /// <exception cref="MalformedBatchException">The bytes are no snapshot.</exception>
    internal bool Restore(byte[] snapshot, Func<int, byte[]?>? segments = null)
    {
        var content = SnapshotCodec.Read(snapshot);
        foreach (var outputs in content.Head.Unconfirmed)
            _confirmations.Add(outputs);
        _confirmations.Journaled(content.Head.LastConfirmed);
        _confirmations.Recovered(content.Head.OutputsFrom);
        if (!_state.Restore(snapshot, content, segments))
            return false;
        _snapshots.Restored(LiveBytes);
        return true;
    }

    /// <inheritdoc cref="AppliedState.CountPairs"/>
    internal void CountPairs(PairDistances distances) => _state.CountPairs(distances);

    /// <summary>Returns the state's memory; the group is at its end.</summary>
    internal void ReturnMemory() => State?.ReturnMemory();

    /// <summary>The group as it is now.</summary>
    /// <param name="events">Events that this incarnation journaled.</param>
    internal KeyGroupStatus Status(long events)
    {
        var watermarks = Clocks.Watermarks();
        var (leftCloses, rightCloses) = State?.LeastThatClose() ?? (SideWatermarks.None, SideWatermarks.None);
        return new KeyGroupStatus(Number)
        {
            Sequence = Sequence,
            LastConfirmed = LastConfirmed,
            Left = State?.Ledger(Side.Left) ?? default,
            Right = State?.Ledger(Side.Right) ?? default,
            LeftWatermark = watermarks.Left,
            RightWatermark = watermarks.Right,
            LeftHolder = watermarks.LeftHolder.ToString(),
            RightHolder = watermarks.RightHolder.ToString(),
            Buffered = State?.Count ?? 0,
            StateBytes = State?.Bytes ?? 0,
            JournalBytes = JournalBytes,
            LeftWatermarkThatCloses = leftCloses,
            RightWatermarkThatCloses = rightCloses,
            IsIdle = Idle,
            Rows = Rows,
            LateCopies = LateCopies,
            Events = events,
            Unconfirmed = _confirmations.Outputs.Count,
            Applied = Clocks.AppliedPartitions(),
        };
    }

    SnapshotCapture NewCapture()
    {
        var state = State ?? throw new InvalidOperationException("a snapshot before the first event");
        var head = new SnapshotHead
        {
            Sequence = Sequence,
            IncarnationText = IncarnationText,
            History = History,
            LastConfirmed = LastConfirmed,
            Definition = state.Definition,
            Clocks = Clocks,
            Horizon = state.Horizon,
            Unconfirmed = _confirmations.Outputs,
            OutputsFrom = OutputsFrom,
            Left = state.Ledger(Side.Left),
            Right = state.Ledger(Side.Right),
        };
        return new SnapshotCapture(head, state, FormatVersion);
    }

    // A program that knows no format above 2 takes every idle partition for one that waits.
    void DefineIfNew()
    {
        var definition = FormatVersion >= FormatVersions.JoinTime
            ? Configured
            : Configured with { Idle = Definition?.Idle ?? IdlePolicy.Wait };
        if (Definition is null || !DefinitionsEqual(Definition, definition))
            _pending.Define(definition);
    }

    static bool DefinitionsEqual(JoinDefinition a, JoinDefinition b) =>
        DefinitionCodec.Write(a).AsSpan().SequenceEqual(DefinitionCodec.Write(b));
}
