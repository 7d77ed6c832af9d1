using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What one incarnation of a key group decides beside the protocol itself, as pure code: what is taken while it backs off or stops, when it persists (one event
/// in flight), when it sends, takes a snapshot, and stops; and whether its recovery counts, by <see cref="RecoveryRules"/>. KeyGroupActor does what it says.
/// <para>
/// Life: <see cref="Snapshot"/> where there is one, <see cref="Replay"/> for each event, <see cref="EndRecovery"/>; then messages, timers and answers of the
/// journal in any order, until <see cref="IShellEffects.Stop"/>, or until whoever runs it ends it: <see cref="Stopped"/>.
/// </para>
/// </summary>
sealed class KeyGroupShell
{
    // Whoever has as many names gets no more lines.
    const int RefusedSendersMax = 100;
    readonly KeyGroup _group;
    readonly string _id;
    readonly GroupMemory _memory;
    readonly ShellSettings _settings;
    readonly IShellEffects _effects;
    readonly PartAssembly _parts;
    readonly RecoveryRules _recovery;
    readonly OutputSender _sender;
    readonly SnapshotCourse _snapshots;

    // Those that were told of.
    readonly HashSet<object> _refused = [];

    // Whether the last chunk that was asked for came to no answer: the database is away, and nothing is wrong with what it holds.
    bool _chunkIsUnread;

    // Another node is to have the group: nothing new is taken, and it stops as soon as a successor has nothing to do again.
    bool _stopping;
    bool _hasStopped;

    internal KeyGroupShell(
        KeyGroup group, string persistenceId, GroupMemory memory, ShellSettings settings, IShellEffects effects, ISnapshotEffects snapshots)
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

    /// <summary>After a failed persist nothing is taken for a while: what comes is sent again by its sender.</summary>
    internal bool BacksOff { get; private set; }

    /// <summary>Takes a snapshot's state. What it throws fails the recovery.</summary>
    /// <param name="sequence">Its event.</param>
    /// <param name="bytes">The snapshot, or its manifest.</param>
    /// <param name="chunks">Reads a chunk by its number; null where it is not there. Throws where the database does not answer.</param>
    internal void Snapshot(long sequence, byte[] bytes, Func<int, byte[]?> chunks)
    {
        if (!_recovery.Snapshot(bytes, Read))
            throw new JournalException(ShardsLog.ChunkLost(_id, sequence));

        byte[]? Read(int number)
        {
            _chunkIsUnread = true;
            var chunk = chunks(number);
            _chunkIsUnread = false;
            return chunk;
        }
    }

    /// <summary>Takes the next event of the replay. What it throws fails the recovery.</summary>
    internal void Replay(long sequence, byte[] bytes)
    {
        switch (_recovery.Event(sequence, bytes))
        {
            case ReplayedEvent.Hole:
                throw new JournalException(ShardsLog.Hole(_id, _group.Sequence, sequence));
            case ReplayedEvent.Damaged:
                throw new JournalException(ShardsLog.DamagedEvent(_id, _group.Number, sequence, _settings.Place));
            case ReplayedEvent.Foreign:
                throw new JournalException(ShardsLog.ForeignEvent(_id, _group.Number, sequence, _settings.Place));
        }
    }

    /// <summary>The recovery failed; whoever runs the shell ends it.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="ofState">Whether what was read is the cause, and not the reading.</param>
    internal void RecoveryFailed(Exception cause, bool ofState)
    {
        _memory.Failures++;
        _effects.RecoveryFailed(cause);
        var isDamaged = _recovery.IsDamaged(_memory.Hole, _memory.LostSnapshot);
        _memory.Hole = _recovery.Hole;
        _memory.LostSnapshot = _recovery.LostSnapshot;
        var isPassing = _chunkIsUnread || (_recovery.IsIncomplete && !isDamaged);
        if (ofState && !isPassing)
            _effects.Fatal(new JournalException(ShardsLog.CannotRecover(_id, cause), cause));
    }

    /// <summary>All events were read, of which the newest has the number <paramref name="newest"/>.</summary>
    internal void EndRecovery(long newest)
    {
        if (!_recovery.IsWhole(newest))
        {
            Stop(StopReason.Overtaken);
            return;
        }

        // Whatever was missing before is there, or is needed no more: only two recoveries one after the other show damage.
        (_memory.Hole, _memory.LostSnapshot) = (0, 0);
        _group.FormatVersion = _effects.FormatVersion;
        _group.Recovered(_memory.Confirmed);
        BackOff();
        _sender.Begin();
        _effects.Start(ShellTimer.Flush, _settings.Flush);
        _effects.Recovered();
    }

    /// <summary>Takes a message.</summary>
    internal void Receive(object message, object sender)
    {
        if (BacksOff && message is Deliver or DeliverPart or DeliverTicks)
            return;
        if (_stopping && message is Deliver or DeliverPart or DeliverTicks or CloseTime)
            return; // its sender sends it again, or the successor knows it
        switch (message)
        {
            case Deliver or DeliverPart or DeliverTicks or CloseTime:
                Take(message, sender);
                break;
            case OutputConfirmed m:
                _group.Confirm(m.Incarnation, m.Sequence);
                _memory.Confirmed = _group.Confirmed ?? _memory.Confirmed;
                break;
            case FlushGroup m:
                _group.Offer(m, sender);
                break;
            case TailAnswer m:
                _sender.TailRead(m);
                break;
            case StopGroup:
                BeginStop();
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
                Stop(StopReason.Unsettled);
                break;
            case ShellTimer.SnapshotPause:
                _snapshots.PauseIsOver();
                break;
        }

        EndStep();
    }

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
        StopIfSettled();
    }

    /// <summary>An event was not written; whoever runs the shell ends it.</summary>
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

    /// <summary>The tail of the outputs cannot be read, and no waiting helps.</summary>
    internal void TailFailed(Exception cause)
    {
        if (_sender.IsReadingTail && cause is not OperationCanceledException)
            _effects.Fatal(cause);
        EndStep();
    }

    /// <summary>The incarnation is over.</summary>
    internal void Stopped()
    {
        _hasStopped = true;
        _snapshots.Stop();
        _group.Release();
    }

    // What a peer says is checked before anything comes of it. What is malformed is refused, and told of once; it ends nothing.
    void Take(object message, object sender)
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
            case CloseTime m:
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

    void BeginStop()
    {
        if (_stopping)
            return;
        _stopping = true;
        _snapshots.Stop();
        _group.DropPending();
        _effects.Start(ShellTimer.GiveUp, _settings.HandOver);
    }

    void EndStep()
    {
        SendReplies();
        PersistNext();
        StopIfSettled();
    }

    // Confirmations are journaled once, when all of them are there. A group that still reads the tail has handed out nothing: its successor
    // reads it too.
    void StopIfSettled()
    {
        if (!_stopping)
            return;
        if (_group.Unconfirmed.Count == 0)
        {
            _group.FlushIfStale();
            PersistNext();
        }

        if (_group.IsSettled || _effects.HasEnded || (_sender.IsReadingTail && !_group.Persisting))
            Stop(StopReason.Settled);
    }

    void Stop(StopReason reason)
    {
        if (_hasStopped)
            return;
        _hasStopped = true;
        _effects.Stop(reason);
    }

    void PersistNext()
    {
        if (BacksOff || _hasStopped)
            return;
        _sender.LearnPositions();
        _group.FormatVersion = _effects.FormatVersion;
        using var span = Profile.Measure(ProfileStage.Journal);
        if (_group.NextEvent() is { } bytes)
            _effects.Persist(bytes);
    }

    // An event that is durable and cannot be applied would fail in every replay too: the join stops, and says so.
    byte[] Apply(long sequence, byte[] bytes)
    {
        using var span = Profile.Measure(ProfileStage.Apply);
        try
        {
            return _group.Apply(sequence, bytes);
        }
        catch (Exception cause)
        {
            _effects.Fatal(new JournalException(ShardsLog.CannotRecover(_id, cause), cause));
            throw;
        }
    }

    void SendReplies()
    {
        foreach (var reply in _group.Replies)
            _effects.Tell(reply.To, reply.Message);
        _group.Replies.Clear();
    }
}
