using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The shell of a <see cref="KeyGroup"/>: persists what it wants persisted, one event in flight, and sends what it wants sent. Counts as
/// recovered only if every event from the snapshot on was there and the last one applied is the newest of the journal; otherwise it
/// stops and begins again from the newest snapshot, having sent and written nothing.
/// </summary>
sealed class KeyGroupActor : UntypedPersistentActor, IWithTimers
{
    static readonly object Flush = new();
    static readonly object Resume = new();
    static readonly object GiveUp = new();
    static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(10);
    readonly KeyGroupSetup _setup;
    readonly KeyGroup _group;
    readonly PartAssembly _parts;
    readonly ILoggingAdapter _log = Context.GetLogger();
    long _events;
    long _snapshotInProgress = -1;

    // After a failed persist nothing is taken for a while: what comes is sent again by its sender.
    bool _backingOff;

    // Another node is to have the group: nothing new is taken, and it stops as soon as a successor has nothing to do again.
    bool _stopping;

    public KeyGroupActor(KeyGroupSetup setup, int group)
    {
        _setup = setup;
        _group = new KeyGroup(group, setup.Definition, "", setup.RowWriters, setup.Limits, setup.Slabs);
        _parts = new PartAssembly(setup.Limits.PendingBytesMax);
        PersistenceId = setup.PersistenceId(group);
        JournalPluginId = JournalPlugins.JournalId;
        SnapshotPluginId = JournalPlugins.SnapshotId;
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: GroupSnapshot snapshot }:
                _group.Restore(snapshot.Bytes);
                break;
            case JournalEvent e:
                if (LastSequenceNr != _group.Sequence + 1)
                    throw new JournalException(ShardsLog.Hole(PersistenceId, _group.Sequence, LastSequenceNr));
                _group.Apply(LastSequenceNr, e.Bytes);
                break;
            case RecoveryCompleted:
                EndRecovery();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        if (_backingOff && message is Deliver or DeliverPart or DeliverTicks)
            return;
        if (_stopping && message is Deliver or DeliverTicks or CloseTime or RenewJournal)
            return; // its sender sends it again, or the successor knows it
        switch (message)
        {
            case Deliver m:
                _group.Offer(m, Sender);
                break;
            case DeliverPart m:
                if (_parts.Add(Sender, m) is { } batches)
                    _group.Offer(new Deliver(m.Group, batches), Sender);
                break;
            case DeliverTicks m:
                _group.Offer(m, Sender);
                break;
            case OutputConfirmed m:
                _group.Confirm(m.Sequence);
                _setup.ConfirmedThrough[_group.Number] = Math.Max(_setup.ConfirmedThrough[_group.Number], _group.ConfirmedThrough);
                break;
            case CloseTime m:
                _group.Offer(m, Sender);
                break;
            case FlushGroup m:
                _group.Offer(m, Sender);
                break;
            case RenewJournal m:
                _group.Offer(m, Sender);
                break;
            case StopGroup:
                BeginStop();
                break;
            case AskStatus:
                Sender.Tell(_group.Status(_events));
                break;
            case SaveSnapshotSuccess m:
                SnapshotSaved(m.Metadata.SequenceNr);
                break;
            case SaveSnapshotFailure m:
                _snapshotInProgress = -1;
                ShardsLog.SnapshotFailed(_log, PersistenceId, m.Cause);
                break;
            case DeleteMessagesFailure m:
                ShardsLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            case DeleteSnapshotsFailure m:
                ShardsLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            default:
                if (ReferenceEquals(message, Flush))
                    _group.FlushIfStale();
                else if (ReferenceEquals(message, Resume))
                    _backingOff = false;
                else if (ReferenceEquals(message, GiveUp))
                    StopUnsettled();
                break;
        }

        SendReplies();
        PersistNext();
        StopIfSettled();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _group.Release();
        Volatile.Write(ref _setup.Bytes[_group.Number], 0);
        Volatile.Write(ref _setup.SlabBytes[_group.Number], 0);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        if (IsWorthALine(++_setup.Failures[_group.Number]))
            ShardsLog.PersistFailed(_log, PersistenceId, sequenceNr, _setup.JournalPlace, cause);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (IsWorthALine(++_setup.Failures[_group.Number]))
            ShardsLog.RecoveryFailed(_log, PersistenceId, _setup.JournalPlace, reason);
        if (message is JournalEvent or SnapshotOffer)
            _setup.Fatal(new JournalException(ShardsLog.CannotRecover(PersistenceId, reason), reason));
    }

    // A journal that is away for an hour is not told of every second: the first failure, the second, the fourth, the eighth ...
    static bool IsWorthALine(int failures) => System.Numerics.BitOperations.IsPow2(failures);

    void EndRecovery()
    {
        if (LastSequenceNr != _group.Sequence)
        {
            ShardsLog.RecoveredTooEarly(_log, PersistenceId, _group.Sequence, LastSequenceNr);
            Context.Stop(Self);
            return;
        }

        // Not before: whoever renews the id writes it first, and then tells the groups that run.
        if (CurrentJournalId() is not { } journalId)
            return;
        _group.Recovered(_setup.ConfirmedThrough[_group.Number], journalId);
        BackOff();
        foreach (var outputs in _group.Unconfirmed)
            _setup.Outputs(new OutputEvent(_group.Number, outputs.JournalId, outputs.Sequence, outputs.Bytes, Self));
        _setup.Ticks.Tell(new GroupUp(_group.Number));
        Timers.StartPeriodicTimer(Flush, Flush, _setup.FlushInterval);
        ShardsLog.Recovered(_log, PersistenceId, _group.Sequence, _group.Join?.Count ?? 0);
    }

    string? CurrentJournalId()
    {
        try
        {
            return _setup.JournalId();
        }
        catch (Exception e) when (e is JournalException or System.Data.Common.DbException)
        {
            OnRecoveryFailure(e);
            Context.Stop(Self);
            return null;
        }
    }

    void BackOff()
    {
        var failures = _setup.Failures[_group.Number];
        if (failures == 0)
            return;
        _backingOff = true;
        var wait = BackoffMin * Math.Pow(2, Math.Min(failures - 1, 10));
        Timers.StartSingleTimer(Resume, Resume, wait < BackoffMax ? wait : BackoffMax);
    }

    void BeginStop()
    {
        if (_stopping)
            return;
        _stopping = true;
        _group.DropPending();
        Timers.StartSingleTimer(GiveUp, GiveUp, _setup.HandOverTimeout);
    }

    // Confirmations are journaled once, when all of them are there.
    void StopIfSettled()
    {
        if (!_stopping)
            return;
        if (_group.Unconfirmed.Count == 0)
        {
            _group.FlushIfStale();
            PersistNext();
        }

        if (_group.IsSettled || _setup.HasEnded)
            Context.Stop(Self);
    }

    void StopUnsettled()
    {
        ShardsLog.StoppedUnsettled(_log, PersistenceId, _setup.HandOverTimeout, _group.Unconfirmed.Count);
        Context.Stop(Self);
    }

    void PersistNext()
    {
        if (!_backingOff && _group.NextEvent() is { } bytes)
            PersistAsync(new JournalEvent(bytes), Persisted);
    }

    void Persisted(JournalEvent e)
    {
        _events++;
        _setup.Failures[_group.Number] = 0;
        var outputs = Apply(e);
        if (outputs.Length > 0)
            _setup.Outputs(new OutputEvent(_group.Number, _group.JournalId, LastSequenceNr, outputs, Self));
        _group.AnswerConfirmed();
        SendReplies();
        if (_snapshotInProgress < 0 && _group.SnapshotIsDue)
        {
            _snapshotInProgress = LastSequenceNr;
            SaveSnapshot(new GroupSnapshot(_group.TakeSnapshot()));
        }

        PersistNext();
        StopIfSettled();
    }

    // An event that is durable and cannot be applied would fail in every replay too: the join stops, and says so.
    byte[] Apply(JournalEvent e)
    {
        try
        {
            return _group.Apply(LastSequenceNr, e.Bytes);
        }
        catch (Exception cause)
        {
            _setup.Fatal(new JournalException(ShardsLog.CannotRecover(PersistenceId, cause), cause));
            throw;
        }
    }

    // The newest row of the journal is never deleted: it is what the fence compares with.
    void SnapshotSaved(long sequence)
    {
        _snapshotInProgress = -1;
        if (sequence > 1)
            DeleteMessages(sequence - 1);
        DeleteSnapshots(new SnapshotSelectionCriteria(sequence - 1));
    }

    void TellBytes()
    {
        Volatile.Write(ref _setup.Bytes[_group.Number], _group.BytesBesideSlabs);
        Volatile.Write(ref _setup.SlabBytes[_group.Number], _group.Join?.SlabBytes ?? 0);
    }

    void SendReplies()
    {
        TellBytes();
        foreach (var reply in _group.Replies)
            ((IActorRef)reply.To).Tell(reply.Message);
        _group.Replies.Clear();
    }
}
