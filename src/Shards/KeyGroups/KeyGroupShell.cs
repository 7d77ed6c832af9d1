using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What one incarnation of a key group decides beside the protocol, as pure code: whether its recovery counts
/// (<see cref="RecoveryRules"/>), what it accepts while it backs off or stops, and when it persists, sends, takes a
/// snapshot and stops. <see cref="KeyGroupActor"/> does what it says.
/// <para>
/// The life of an incarnation:
/// <code>
///                 EndRecovery: whole                StopKeyGroup                drained, or the limit passed
///   Recovering ----------------------> Running ----------------> Stopping ------------------------------> Stopped
///       |                                 |                                                                  ^
///       |  EndRecovery: another           |  the actor ends: a failed persist, a lost lease, the node        |
///       |  incarnation wrote meanwhile    |                                                                  |
///       +---------------------------------+------------------------------------------------------------------+
/// </code>
/// <list type="bullet">
/// <item>Recovering: <see cref="Snapshot"/> where there is one, <see cref="Replay"/> for each event, then
/// <see cref="EndRecovery"/>. Nothing is sent or written.</item>
/// <item>Running: messages, timers and the journal's answers come in any order. After a failure of an earlier
/// incarnation the group first backs off (<see cref="BacksOff"/>): it takes no records and writes nothing until the
/// timer <see cref="ShellTimer.Resume"/>.</item>
/// <item>Stopping: another node is to have the group. It takes nothing new, waits until the broker has its rows and the
/// journal knows it, and stops.</item>
/// <item>Stopped: nothing is written or sent to the journal any more.</item>
/// </list>
/// </para>
/// <para>
/// A join may be resting, and its key group may have been down when that was asked. So an incarnation writes nothing
/// before it has read what is asked from the journal's catalogue: it would apply events as if time moved.
/// </para>
/// <para>
/// Invariants. The steps come in this order. One event is under way at a time. Nothing is persisted while the
/// incarnation recovers, backs off or has stopped, or before it knows what is asked of the join.
/// </para>
/// </summary>
sealed class KeyGroupShell
{
    enum Phase
    {
        Recovering,
        Running,
        Stopping,
        Stopped,
    }

    // The most senders of malformed messages that get a log line.
    const int RefusedSendersMax = 100;
    readonly KeyGroup _group;
    readonly string _id;
    readonly KeyGroupMemory _memory;
    readonly ShellSettings _settings;
    readonly IShellEffects _effects;
    readonly PartAssembly _parts;
    readonly RecoveryRules _recovery;
    readonly OutputSender _sender;
    readonly SnapshotCourse _snapshots;

    // The senders of malformed messages that got a log line.
    readonly HashSet<object> _refused = [];

    // Whether the last segment that was asked for got no answer: then the database is away, and nothing is wrong with
    // what it holds.
    bool _segmentIsUnread;

    bool _knowsOrder;
    Phase _phase = Phase.Recovering;

    internal KeyGroupShell(
        KeyGroup group,
        string persistenceId,
        KeyGroupMemory memory,
        ShellSettings settings,
        IShellEffects effects,
        ISnapshotEffects snapshots)
    {
        _group = group;
        _id = persistenceId;
        _memory = memory;
        _settings = settings;
        _effects = effects;
        _parts = new PartAssembly(settings.PartBytesMax);
        _recovery = new RecoveryRules(group);
        _sender = new OutputSender(group, effects);
        _snapshots = new SnapshotCourse(group, snapshots, () => effects.Start(ShellTimer.SnapshotPause, settings.SnapshotPause));
    }

    /// <summary>
    /// Whether the group waits after a failure. It takes no records meanwhile; their senders send them again.
    /// </summary>
    internal bool BacksOff { get; private set; }

    /// <summary>Restores a snapshot. An exception fails the recovery.</summary>
    /// <param name="sequence">The snapshot's event.</param>
    /// <param name="bytes">The snapshot, or its manifest.</param>
    /// <param name="segments">
    /// Reads a segment by its number; null where it is not there. Throws where the database does not answer.
    /// </param>
    internal void Snapshot(long sequence, byte[] bytes, Func<int, byte[]?> segments)
    {
        CheckPhase(Phase.Recovering);
        if (!_recovery.Snapshot(bytes, Read))
            throw new JournalException(KeyGroupLog.SegmentLost(_id, sequence));

        byte[]? Read(int number)
        {
            _segmentIsUnread = true;
            var segment = segments(number);
            _segmentIsUnread = false;
            return segment;
        }
    }

    /// <summary>Applies the next event of the replay. An exception fails the recovery.</summary>
    internal void Replay(long sequence, byte[] bytes)
    {
        CheckPhase(Phase.Recovering);
        switch (_recovery.Event(sequence, bytes))
        {
            case ReplayedEvent.Hole:
                throw new JournalException(KeyGroupLog.Hole(_id, _group.Sequence, sequence));
            case ReplayedEvent.Damaged:
                throw new JournalException(KeyGroupLog.DamagedEvent(_id, _group.Number, sequence, _settings.JournalLocation));
            case ReplayedEvent.Foreign:
                throw new JournalException(KeyGroupLog.ForeignEvent(_id, _group.Number, sequence, _settings.JournalLocation));
        }
    }

    /// <summary>The recovery failed; the actor ends.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="ofState">Whether the cause is what was read; false where the read itself failed.</param>
    internal void RecoveryFailed(Exception cause, bool ofState)
    {
        _memory.Failures++;
        _effects.RecoveryFailed(cause);
        var isDamaged = _recovery.IsDamaged(_memory.Hole, _memory.LostSnapshot);
        _memory.Hole = _recovery.Hole;
        _memory.LostSnapshot = _recovery.LostSnapshot;
        var isPassing = _segmentIsUnread || (_recovery.IsIncomplete && !isDamaged);
        if (ofState && !isPassing)
            _effects.Fatal(new JournalException(KeyGroupLog.CannotRecover(_id, cause), cause));
    }

    /// <summary>All events were read, of which the newest has the number <paramref name="newest"/>.</summary>
    internal void EndRecovery(long newest)
    {
        CheckPhase(Phase.Recovering);
        if (!_recovery.IsWhole(newest))
        {
            Stop(StopReason.Overtaken);
            return;
        }

        // What an earlier recovery missed is there now, or is not needed any more. Only two recoveries in a row show
        // damage.
        (_memory.Hole, _memory.LostSnapshot) = (0, 0);
        _group.FormatVersion = _effects.FormatVersion;
        _group.Recovered(_memory.LastConfirmed);
        _phase = Phase.Running;
        BackOff();
        _sender.StartAfterRecovery();
        _effects.ReadOrder();
        _effects.Start(ShellTimer.Flush, _settings.Flush);
        _effects.Recovered();
    }

    /// <summary>Takes a message.</summary>
    internal void Receive(object message, object sender)
    {
        if (BacksOff && message is Deliver or DeliverPart or DeliverTicks)
            return;
        if (_phase >= Phase.Stopping && message is Deliver or DeliverPart or DeliverTicks or EndInput)
            return; // the sender sends it again, to the successor
        switch (message)
        {
            case Deliver or DeliverPart or DeliverTicks or EndInput:
                Accept(message, sender);
                break;
            case OutputConfirmed m:
                _group.Confirm(m.Incarnation, m.Sequence);
                _memory.LastConfirmed = _group.LastConfirmedEvent ?? _memory.LastConfirmed;
                break;
            case FlushKeyGroup m:
                _group.Offer(m, sender);
                break;
            case TailAnswer m:
                _sender.TailRead(m);
                break;
            case StopKeyGroup:
                StartStop();
                break;
            case SnapshotWritten m:
                _snapshots.Written(m);
                break;
            case SnapshotNotWritten m:
                _snapshots.Failed(m.Cause);
                break;
        }

        EndStep();
    }

    /// <summary>A timer has run down.</summary>
    internal void Elapsed(ShellTimer timer)
    {
        switch (timer)
        {
            case ShellTimer.Flush:
                _group.FlushIfStale();
                _effects.Start(ShellTimer.Flush, _settings.Flush);
                break;
            case ShellTimer.Resume:
                BacksOff = false;
                break;
            case ShellTimer.GiveUp:
                Stop(StopReason.TimedOut);
                break;
            case ShellTimer.SnapshotPause:
                _snapshots.PauseIsOver();
                break;
            case ShellTimer.ReadOrder:
                _effects.ReadOrder();
                break;
        }

        EndStep();
    }

    /// <summary>What is asked of the join was read.</summary>
    internal void OrderRead()
    {
        _knowsOrder = true;
        EndStep();
    }

    /// <summary>What is asked of the join could not be read: the database is away.</summary>
    internal void OrderNotRead() => _effects.Start(ShellTimer.ReadOrder, _settings.BackoffMax);

    /// <summary>An event is durable.</summary>
    internal void Persisted(long sequence, byte[] bytes)
    {
        _memory.Failures = 0;
        _sender.LearnPositions();
        var outputs = Apply(sequence, bytes);
        _effects.Applied(sequence, bytes, outputs);
        _sender.Send(outputs);
        _group.AnswerConfirmed();
        SendReplies();
        _snapshots.TakeIfDue();
        PersistNext();
        StopIfDrained();
    }

    /// <summary>An event was not written; the actor ends.</summary>
    internal void PersistFailed(long sequence, Exception cause)
    {
        _memory.Failures++;
        _effects.PersistFailed(sequence, cause);
    }

    /// <summary>The manifest of a snapshot is durable.</summary>
    internal void SnapshotSaved(long sequence)
    {
        _snapshots.Saved(sequence);
        EndStep();
    }

    /// <summary>The manifest of a snapshot was not saved.</summary>
    internal void SnapshotNotSaved(Exception cause)
    {
        _snapshots.Failed(cause);
        EndStep();
    }

    /// <summary>The end of the output topics cannot be read, and no waiting helps.</summary>
    internal void TailFailed(Exception cause)
    {
        if (_sender.IsReadingTail && cause is not OperationCanceledException)
            _effects.Fatal(cause);
        EndStep();
    }

    /// <summary>The incarnation is over.</summary>
    internal void Stopped()
    {
        _phase = Phase.Stopped;
        _snapshots.Stop();
        _group.ReturnMemory();
    }

    // A message of a peer is checked before it is used. A malformed one is refused, and logged once for each sender;
    // the group goes on.
    void Accept(object message, object sender)
    {
        try
        {
            Offer(message, sender);
        }
        catch (MalformedBatchException e)
        {
            if (_refused.Count < RefusedSendersMax && _refused.Add(sender))
                _effects.Refused(sender, e.Message);
        }
    }

    void Offer(object message, object sender)
    {
        switch (message)
        {
            case Deliver m:
                PeerChecks.Check(m, _group.Number);
                _group.Offer(m, sender);
                break;
            case DeliverPart m:
                if (_parts.Add(sender, m) is { } batches)
                    Offer(new Deliver(m.Group, batches), sender);
                break;
            case DeliverTicks m:
                PeerChecks.Check(m, _group.Number);
                _group.Offer(m, sender);
                break;
            case EndInput m:
                _group.Offer(PeerChecks.Bounded(m, _group), sender);
                break;
        }
    }

    void BackOff()
    {
        if (_memory.Failures == 0)
            return;
        BacksOff = true;
        var wait = _settings.BackoffMin * Math.Pow(2, Math.Min(_memory.Failures - 1, 10));
        _effects.Start(ShellTimer.Resume, wait < _settings.BackoffMax ? wait : _settings.BackoffMax);
    }

    void StartStop()
    {
        if (_phase >= Phase.Stopping)
            return;
        _phase = Phase.Stopping;
        _snapshots.Stop();
        _group.DropPending();
        _effects.Start(ShellTimer.GiveUp, _settings.HandOver);
    }

    void EndStep()
    {
        SendReplies();
        PersistNext();
        StopIfDrained();
    }

    // Confirmations are journaled once, when all are there. A group that is still reading the end of the output topics
    // has handed out nothing, and need not wait: its successor reads it too.
    void StopIfDrained()
    {
        if (_phase != Phase.Stopping)
            return;
        if (_group.Unconfirmed.Count == 0)
        {
            _group.FlushIfStale();
            PersistNext();
        }

        if (_group.IsDrained || _effects.HasEnded || (_sender.IsReadingTail && !_group.Persisting))
            Stop(StopReason.Drained);
    }

    void Stop(StopReason reason)
    {
        if (_phase == Phase.Stopped)
            return;
        _phase = Phase.Stopped;
        _effects.Stop(reason);
    }

    void PersistNext()
    {
        if (BacksOff || !_knowsOrder || _phase == Phase.Stopped)
            return;
        Invariant.Holds(_phase != Phase.Recovering, "nothing is persisted while the incarnation recovers");
        _sender.LearnPositions();
        _group.FormatVersion = _effects.FormatVersion;
        _group.Order = _effects.Order;
        using var span = Profile.Measure(ProfileStage.Journal);
        if (_group.NextEvent() is { } bytes)
            _effects.Persist(bytes);
    }

    // A durable event that cannot be applied would fail in every replay too. So the join stops, and says why.
    byte[] Apply(long sequence, byte[] bytes)
    {
        using var span = Profile.Measure(ProfileStage.Apply);
        try
        {
            return _group.Apply(sequence, bytes);
        }
        catch (Exception cause)
        {
            _effects.Fatal(new JournalException(KeyGroupLog.CannotRecover(_id, cause), cause));
            throw;
        }
    }

    void SendReplies()
    {
        foreach (var reply in _group.Replies)
            _effects.Tell(reply.To, reply.Message);
        _group.Replies.Clear();
    }

    [System.Diagnostics.Conditional("CHECKED")]
    void CheckPhase(Phase expected) => Invariant.Holds(_phase == expected, "the steps of an incarnation come in order");
}
