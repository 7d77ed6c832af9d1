using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The shell of a <see cref="KeyGroup"/>: persists what it wants persisted, one event in flight, and sends what it wants sent. What
/// counts as recovered, <see cref="RecoveryRules"/> says; what does not stops, and begins again.
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
    readonly RecoveryRules _recovery;
    readonly OutputSender _sender;
    readonly SnapshotKeeper _snapshots;
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly GroupGauge _gauge;
    readonly long _startedAt = Stopwatch.GetTimestamp();
    long _events;
    long _persistingSince;

    // Whether the last chunk that was asked for came to no answer: the database is away, and nothing is wrong with what it holds.
    bool _chunkIsUnread;

    // After a failed persist nothing is taken for a while: what comes is sent again by its sender.
    bool _backingOff;

    // Another node is to have the group: nothing new is taken, and it stops as soon as a successor has nothing to do again.
    bool _stopping;

    public KeyGroupActor(KeyGroupSetup setup, int group)
    {
        _setup = setup;
        _group = new KeyGroup(group, setup.Definition, "", setup.RowWriters, setup.Limits, setup.Slabs);
        _parts = new PartAssembly(setup.Limits.PendingBytesMax);
        _recovery = new RecoveryRules(_group);
        _gauge = setup.Gauges.Groups[group];
        PersistenceId = setup.PersistenceId(group);
        _sender = new OutputSender(setup, _group, PersistenceId, Self, _log);
        JournalPluginId = JournalPlugins.JournalId;
        SnapshotPluginId = JournalPlugins.SnapshotId;
        var store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(SnapshotPluginId);
        _snapshots = new SnapshotKeeper(setup, _group, PersistenceId, Self, store, _log);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _snapshots.Stop();
        _group.Release();
        Volatile.Write(ref _setup.Bytes[_group.Number], 0);
        Volatile.Write(ref _setup.SlabBytes[_group.Number], 0);
        _gauge.Runs = _gauge.BacksOff = false;
        ShardsMetrics.RemoveIfIdle(_setup.Gauges);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: GroupSnapshot snapshot } offer:
                TakeSnapshot(offer, snapshot);
                break;
            case JournalEvent e:
                if (!_recovery.Event(LastSequenceNr, e.Bytes))
                    throw new JournalException(ShardsLog.Hole(PersistenceId, _group.Sequence, LastSequenceNr));
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
        if (_stopping && message is Deliver or DeliverPart or DeliverTicks or CloseTime or RenewJournal)
            return; // its sender sends it again, or the successor knows it
        using var span = Profile.Measure(ProfileStage.Accept);
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
                _gauge.UnconfirmedBytes = _group.UnconfirmedBytes;
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
            case TailAnswer m:
                _sender.TailRead(m);
                break;
            case Status.Failure { Cause: not OperationCanceledException } m when _sender.IsReadingTail:
                _setup.Fatal(m.Cause);
                break;
            case StopGroup:
                BeginStop();
                break;
            case AskStatus:
                Sender.Tell(Status());
                break;
            case SnapshotWritten m:
                _snapshots.Written(m);
                break;
            case SnapshotNotWritten m:
                _snapshots.Failed(m.Cause);
                break;
            case SaveSnapshotSuccess m:
                SnapshotSaved(m.Metadata);
                break;
            case SaveSnapshotFailure m:
                _snapshots.Failed(m.Cause);
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
                    _gauge.BacksOff = _backingOff = false;
                else if (ReferenceEquals(message, GiveUp))
                    StopUnsettled();
                break;
        }

        SendReplies();
        PersistNext();
        StopIfSettled();
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        ShardsMetrics.PersistFailures.Add(1, _setup.Gauges.Tag);
        if (_setup.Failed(_group.Number))
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
        if (_setup.Failed(_group.Number))
            ShardsLog.RecoveryFailed(_log, PersistenceId, _setup.JournalPlace, reason);
        var isDamaged = _recovery.IsDamaged(_setup.Holes[_group.Number], _setup.LostSnapshots[_group.Number]);
        _setup.Holes[_group.Number] = _recovery.Hole;
        _setup.LostSnapshots[_group.Number] = _recovery.LostSnapshot;
        var isPassing = _chunkIsUnread || (_recovery.IsIncomplete && !isDamaged);
        if (message is JournalEvent or SnapshotOffer && !isPassing)
            _setup.Fatal(new JournalException(ShardsLog.CannotRecover(PersistenceId, reason), reason));
    }

    // What fails here fails the recovery, however Akka takes it.
    void TakeSnapshot(SnapshotOffer offer, GroupSnapshot snapshot)
    {
        var sequence = offer.Metadata.SequenceNr;
        try
        {
            if (!_recovery.Snapshot(snapshot.Bytes, number => ReadChunk(sequence, number)))
                throw new JournalException(ShardsLog.ChunkLost(PersistenceId, sequence));
            _snapshots.Newest = offer.Metadata;
        }
        catch (Exception e)
        {
            OnRecoveryFailure(e, offer);
            Context.Stop(Self);
        }
    }

    // A wait for a task is one that the thread pool makes up for with another thread; one in a database's driver is not.
    byte[]? ReadChunk(long sequence, int number)
    {
        _chunkIsUnread = true;
        var chunk = Task.Factory.StartNew(
            () => _setup.Chunks.Read(PersistenceId, sequence, number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .GetAwaiter().GetResult();
        _chunkIsUnread = false;
        return chunk;
    }

    void EndRecovery()
    {
        if (!_recovery.IsWhole(LastSequenceNr))
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
        Show();
        ShardsMetrics.RecoveryDuration.Record(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, _setup.Gauges.Tag);
        _sender.Begin();
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
        _gauge.BacksOff = _backingOff = true;
        var wait = BackoffMin * Math.Pow(2, Math.Min(failures - 1, 10));
        Timers.StartSingleTimer(Resume, Resume, wait < BackoffMax ? wait : BackoffMax);
    }

    void BeginStop()
    {
        if (_stopping)
            return;
        _stopping = true;
        _snapshots.Stop();
        _group.DropPending();
        Timers.StartSingleTimer(GiveUp, GiveUp, _setup.HandOverTimeout);
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

        if (_group.IsSettled || _setup.HasEnded || (_sender.IsReadingTail && !_group.Persisting))
            Context.Stop(Self);
    }

    void StopUnsettled()
    {
        ShardsLog.StoppedUnsettled(_log, PersistenceId, _setup.HandOverTimeout, _group.Unconfirmed.Count);
        Context.Stop(Self);
    }

    void PersistNext()
    {
        _sender.LearnPositions();
        _group.FormatVersion = _setup.FormatVersion();
        using var span = Profile.Measure(ProfileStage.Journal);
        if (_backingOff || _group.NextEvent() is not { } bytes)
            return;
        _persistingSince = Stopwatch.GetTimestamp();
        PersistAsync(new JournalEvent(bytes), Persisted);
    }

    void Persisted(JournalEvent e)
    {
        using var span = Profile.Measure(ProfileStage.Accept);
        _events++;
        _setup.Succeeded(_group.Number);
        _sender.LearnPositions();
        var (rows, lateCopies) = (_group.Rows, _group.LateCopies);
        var outputs = Apply(e);
        Count(e, _group.Rows - rows, _group.LateCopies - lateCopies);
        _sender.Send(outputs);
        _group.AnswerConfirmed();
        SendReplies();
        _snapshots.TakeIfDue();
        PersistNext();
        StopIfSettled();
    }

    void Count(JournalEvent e, long rows, long lateCopies)
    {
        var tag = _setup.Gauges.Tag;
        ShardsMetrics.JournalEvents.Add(1, tag);
        ShardsMetrics.JournalBytes.Add(e.Bytes.Length, tag);
        ShardsMetrics.PersistDuration.Record(Stopwatch.GetElapsedTime(_persistingSince).TotalSeconds, tag);
        ShardsMetrics.Rows.Add(rows, tag);
        ShardsMetrics.LateRecords.Add(lateCopies, tag);
        Show();
    }

    void Show()
    {
        var watermarks = _group.Clocks.Watermarks();
        _gauge.LeftWatermark = watermarks.Left;
        _gauge.RightWatermark = watermarks.Right;
        _gauge.Records = _group.Join?.Count ?? 0;
        _gauge.Bytes = _group.Join?.Bytes ?? 0;
        _gauge.UnconfirmedBytes = _group.UnconfirmedBytes;
        _gauge.Runs = true;
        ShardsMetrics.Add(_setup.Gauges);
    }

    // An event that is durable and cannot be applied would fail in every replay too: the join stops, and says so.
    byte[] Apply(JournalEvent e)
    {
        using var span = Profile.Measure(ProfileStage.Apply);
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

    void SnapshotSaved(SnapshotMetadata snapshot)
    {
        _snapshots.Saved(snapshot);
        var sequence = snapshot.SequenceNr;
        if (RecoveryRules.DeletableThrough(sequence) is > 0 and var through)
            DeleteMessages(through);
        DeleteSnapshots(new SnapshotSelectionCriteria(sequence - 1));
    }

    GroupStatus Status() => _group.Status(_events) with
    {
        Node = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString(),
        SnapshotSequence = _snapshots.Newest?.SequenceNr ?? 0,
        SnapshotTimeMs = _snapshots.Newest is not { } snapshot ? 0 : (snapshot.Timestamp - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond, // in UTC, whatever its kind
    };

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
