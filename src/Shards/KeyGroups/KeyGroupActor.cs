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

/// <summary>Runs a <see cref="KeyGroupShell"/> on Akka.Persistence: does what it says, and tells it what comes of it. Decides nothing.</summary>
sealed class KeyGroupActor : UntypedPersistentActor, IWithTimers, IShellEffects
{
    readonly KeyGroupSetup _setup;
    readonly KeyGroup _group;
    readonly KeyGroupShell _shell;
    readonly SnapshotKeeper _snapshots;
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly GroupGauge _gauge;
    readonly long _startedAt = Stopwatch.GetTimestamp();
    long _events;
    long _persistingSince;

    // Counted already.
    long _rows;
    long _lateCopies;

    public KeyGroupActor(KeyGroupSetup setup, int group)
    {
        _setup = setup;
        _group = new KeyGroup(group, setup.Definition, setup.Incarnations, setup.RowWriters, setup.Limits, setup.Slabs);
        _gauge = setup.Gauges.Groups[group];
        PersistenceId = setup.PersistenceId(group);
        JournalPluginId = JournalPlugins.JournalId;
        SnapshotPluginId = JournalPlugins.SnapshotId;
        var store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(SnapshotPluginId);
        _snapshots = new SnapshotKeeper(
            setup, PersistenceId, Self, store, _log, DeleteMessages, through => DeleteSnapshots(new SnapshotSelectionCriteria(through)));
        var settings = new ShellSettings(setup.FlushInterval, setup.HandOverTimeout, setup.Limits.PendingBytesMax) { Place = setup.JournalPlace };
        _shell = new KeyGroupShell(_group, PersistenceId, setup.Memories[group], settings, this, _snapshots);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    byte IShellEffects.FormatVersion => _setup.FormatVersion();

    OutputPositions? IShellEffects.Produced => _setup.Tail?.Produced;

    bool IShellEffects.HasEnded => _setup.HasEnded;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _shell.Stopped();
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
                _shell.Replay(LastSequenceNr, e.Bytes);
                break;
            case RecoveryCompleted:
                _shell.EndRecovery(LastSequenceNr);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        using var span = Profile.Measure(ProfileStage.Accept);
        switch (message)
        {
            case AskStatus:
                Sender.Tell(Status());
                break;
            case ShellTimer timer:
                _shell.Elapsed(timer);
                break;
            case Status.Failure m:
                _shell.TailFailed(m.Cause);
                break;
            case SaveSnapshotSuccess m:
                _snapshots.Learn(m.Metadata, isNew: true);
                _shell.SnapshotSaved(m.Metadata.SequenceNr);
                break;
            case SaveSnapshotFailure m:
                _shell.SnapshotNotSaved(m.Cause);
                break;
            case DeleteMessagesFailure m:
                ShardsLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            case DeleteSnapshotsFailure m:
                ShardsLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            default:
                _shell.Receive(message, Sender);
                break;
        }

        Show();
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _shell.PersistFailed(sequenceNr, cause);

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _shell.RecoveryFailed(reason, ofState: message is JournalEvent or SnapshotOffer);

    /// <inheritdoc/>
    void IShellEffects.Persist(byte[] bytes)
    {
        _persistingSince = Stopwatch.GetTimestamp();
        PersistAsync(new JournalEvent(bytes), Persisted);
    }

    /// <inheritdoc/>
    void IShellEffects.Tell(object to, object message) => ((IActorRef)to).Tell(message);

    /// <inheritdoc/>
    void IShellEffects.Emit(UnconfirmedOutputs outputs, IReadOnlySet<int>? written) =>
        _setup.Outputs(new OutputEvent(_group.Number, outputs.Incarnation, outputs.Sequence, outputs.Bytes, Self) { Written = written });

    /// <inheritdoc/>
    void IShellEffects.ReadTail(TailQuestion question) =>
        _setup.Tail!.ReadAsync(question).PipeTo(Self, failure: cause => new Status.Failure(cause));

    /// <inheritdoc/>
    void IShellEffects.Start(ShellTimer timer, TimeSpan wait) => Timers.StartSingleTimer(timer, timer, wait);

    /// <inheritdoc/>
    void IShellEffects.Stop(StopReason reason)
    {
        if (reason == StopReason.Overtaken)
            ShardsLog.RecoveredTooEarly(_log, PersistenceId, _group.Sequence, LastSequenceNr);
        else if (reason == StopReason.Unsettled)
            ShardsLog.StoppedUnsettled(_log, PersistenceId, _setup.HandOverTimeout, _group.Unconfirmed.Count);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    void IShellEffects.Fatal(Exception cause) => _setup.Fatal(cause);

    /// <inheritdoc/>
    void IShellEffects.Recovered()
    {
        (_rows, _lateCopies) = (_group.Rows, _group.LateCopies);
        ShowState();
        ShardsMetrics.RecoveryDuration.Record(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, _setup.Gauges.Tag);
        _setup.Ticks.Tell(new GroupUp(_group.Number));
        ShardsLog.Recovered(_log, PersistenceId, _group.Sequence, _group.Join?.Count ?? 0);
    }

    /// <inheritdoc/>
    void IShellEffects.Applied(long sequence, byte[] bytes, byte[] outputs)
    {
        _events++;
        _setup.Succeeded();
        var tag = _setup.Gauges.Tag;
        ShardsMetrics.JournalEvents.Add(1, tag);
        ShardsMetrics.JournalBytes.Add(bytes.Length, tag);
        ShardsMetrics.PersistDuration.Record(Stopwatch.GetElapsedTime(_persistingSince).TotalSeconds, tag);
        ShardsMetrics.Rows.Add(_group.Rows - _rows, tag);
        ShardsMetrics.LateRecords.Add(_group.LateCopies - _lateCopies, tag);
        (_rows, _lateCopies) = (_group.Rows, _group.LateCopies);
        ShowState();
    }

    /// <inheritdoc/>
    void IShellEffects.PersistFailed(long sequence, Exception cause)
    {
        ShardsMetrics.PersistFailures.Add(1, _setup.Gauges.Tag);
        if (_setup.IsWorthALine(_group.Number))
            ShardsLog.PersistFailed(_log, PersistenceId, sequence, _setup.JournalPlace, cause);
    }

    /// <inheritdoc/>
    void IShellEffects.RecoveryFailed(Exception cause)
    {
        if (_setup.IsWorthALine(_group.Number))
            ShardsLog.RecoveryFailed(_log, PersistenceId, _setup.JournalPlace, cause);
    }

    /// <inheritdoc/>
    void IShellEffects.Refused(object sender, string reason) => ShardsLog.Refused(_log, PersistenceId, ((IActorRef)sender).Path, reason);

    /// <inheritdoc/>
    void IShellEffects.TailUnknown(int events) => ShardsLog.TailUnknown(_log, PersistenceId, events);

    // What fails here fails the recovery, however Akka takes it.
    void TakeSnapshot(SnapshotOffer offer, GroupSnapshot snapshot)
    {
        var sequence = offer.Metadata.SequenceNr;
        try
        {
            _shell.Snapshot(sequence, snapshot.Bytes, number => ReadChunk(sequence, number));
            _snapshots.Learn(offer.Metadata, isNew: false);
        }
        catch (Exception e)
        {
            OnRecoveryFailure(e, offer);
            Context.Stop(Self);
        }
    }

    // A wait for a task is one that the thread pool makes up for with another thread; one in a database's driver is not.
    byte[]? ReadChunk(long sequence, int number) => Task.Factory.StartNew(
        () => _setup.Chunks.Read(PersistenceId, sequence, number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        .GetAwaiter().GetResult();

    void Persisted(JournalEvent e)
    {
        using var span = Profile.Measure(ProfileStage.Accept);
        _shell.Persisted(LastSequenceNr, e.Bytes);
        Show();
    }

    // What changes with any message.
    void Show()
    {
        Volatile.Write(ref _setup.Bytes[_group.Number], _group.BytesBesideSlabs);
        Volatile.Write(ref _setup.SlabBytes[_group.Number], _group.Join?.SlabBytes ?? 0);
        _gauge.UnconfirmedBytes = _group.UnconfirmedBytes;
        _gauge.BacksOff = _shell.BacksOff;
    }

    // What changes with an event.
    void ShowState()
    {
        var watermarks = _group.Clocks.Watermarks();
        _gauge.LeftWatermark = watermarks.Left;
        _gauge.RightWatermark = watermarks.Right;
        _gauge.Records = _group.Join?.Count ?? 0;
        _gauge.Bytes = _group.Join?.Bytes ?? 0;
        _gauge.UnconfirmedBytes = _group.UnconfirmedBytes;
        _gauge.BacksOff = _shell.BacksOff;
        _gauge.Runs = true;
        ShardsMetrics.Add(_setup.Gauges);
    }

    GroupStatus Status() => _group.Status(_events) with
    {
        Node = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString(),
        SnapshotSequence = _snapshots.Newest?.SequenceNr ?? 0,
        SnapshotTimeMs = _snapshots.Newest is not { } snapshot ? 0 : (snapshot.Timestamp - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond, // in UTC, whatever its kind
    };
}
