using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Runs a <see cref="KeyGroupShell"/> on Akka.Persistence: does what the shell says, and tells it what comes of that.
/// Decides nothing. Its recovery is in <see cref="ActorRecovery"/>, its metrics in <see cref="KeyGroupFigures"/>.
/// </summary>
sealed class KeyGroupActor : UntypedPersistentActor, IWithTimers, IShellEffects
{
    readonly KeyGroupSetup _setup;
    readonly KeyGroup _group;
    readonly KeyGroupShell _shell;
    readonly SnapshotKeeper _snapshots;
    readonly ActorRecovery _recovery;
    readonly KeyGroupFigures _figures;
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly Action _listener;
    long _events;

    public KeyGroupActor(KeyGroupSetup setup, int group)
    {
        _setup = setup;
        _group = new KeyGroup(group, setup.Definition, setup.Incarnations, setup.RowWriters, setup.Limits, setup.Slabs, setup.WritesSource);
        PersistenceId = setup.PersistenceId(group);
        JournalPluginId = JournalPlugins.JournalId;
        SnapshotPluginId = JournalPlugins.SnapshotId;
        var store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(SnapshotPluginId);
        _snapshots = new SnapshotKeeper(
            setup, group, PersistenceId, Self, store, _log, DeleteMessages, last => DeleteSnapshots(new SnapshotSelectionCriteria(last)));
        var settings = new ShellSettings(setup.FlushInterval, setup.HandOverTimeout, setup.Limits.PendingBytesMax)
        {
            JournalLocation = setup.JournalLocation,
        };
        _shell = new KeyGroupShell(_group, PersistenceId, setup.Local.Memories[group], settings, this, _snapshots);
        _recovery = new ActorRecovery(_shell, _snapshots, setup.Segments, PersistenceId);
        _figures = new KeyGroupFigures(_group, _shell, setup.Local);
        var self = Self;
        _listener = () => self.Tell(OrderIsNew.Instance);
        setup.Local.Listen(group, _listener);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    byte IShellEffects.FormatVersion => _setup.FormatVersion();

    TimeOrder IShellEffects.Order => _setup.Local.Order;

    OutputPositions? IShellEffects.Produced => _setup.Tail?.Produced;

    bool IShellEffects.HasEnded => _setup.Local.HasEnded;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _shell.Stopped();
        _figures.Clear();
        _setup.Local.StopListening(_group.Number, _listener);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        if (_recovery.Receive(message, LastSequenceNr) is not { } cause)
            return;
        OnRecoveryFailure(cause, message);
        Context.Stop(Self);
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
            case AskKey question:
                Answer(question);
                break;
            case ShellTimer timer:
                _shell.Elapsed(timer);
                break;
            case Status.Failure m:
                _shell.TailFailed(m.Cause);
                break;
            case OrderAnswer m:
                if (m.IsRead)
                    _shell.OrderRead();
                else
                    _shell.OrderNotRead();
                break;
            case SaveSnapshotSuccess m:
                _snapshots.Learn(m.Metadata, isNew: true);
                _shell.SnapshotSaved(m.Metadata.SequenceNr);
                break;
            case SaveSnapshotFailure m:
                _shell.SnapshotNotSaved(m.Cause);
                break;
            case DeleteMessagesFailure m:
                KeyGroupLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            case DeleteSnapshotsFailure m:
                KeyGroupLog.DeleteFailed(_log, PersistenceId, m.Cause);
                break;
            default:
                _shell.Receive(message, Sender);
                break;
        }

        _figures.ShowWaiting();
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
        _figures.PersistStarted();
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
    void IShellEffects.ReadOrder() =>
        _setup.ReadOrder().PipeTo(Self, success: isRead => new OrderAnswer(isRead), failure: _ => new OrderAnswer(false));

    /// <inheritdoc/>
    void IShellEffects.Start(ShellTimer timer, TimeSpan wait)
    {
        if (timer == ShellTimer.GiveUp)
            _figures.HandOverStarted();
        Timers.StartSingleTimer(timer, timer, wait);
    }

    /// <inheritdoc/>
    void IShellEffects.Stop(StopReason reason)
    {
        if (reason == StopReason.Overtaken)
            KeyGroupLog.RecoveredTooEarly(_log, PersistenceId, _group.Sequence, LastSequenceNr);
        else if (reason == StopReason.TimedOut)
            KeyGroupLog.HandOverTimedOut(_log, PersistenceId, _setup.HandOverTimeout, _group.Unconfirmed.Count);
        _figures.Stopping(reason);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    void IShellEffects.Fatal(Exception cause) => _setup.Fatal(cause);

    /// <inheritdoc/>
    void IShellEffects.Recovered()
    {
        _figures.Recovered();
        _setup.Ticks.Tell(new KeyGroupUp(_group.Number));
        KeyGroupLog.Recovered(_log, PersistenceId, _group.Sequence, _group.State?.Count ?? 0);
    }

    /// <inheritdoc/>
    void IShellEffects.Applied(long sequence, byte[] bytes, byte[] outputs)
    {
        _events++;
        _setup.Local.Succeeded();
        _figures.Applied(bytes.Length);
    }

    /// <inheritdoc/>
    void IShellEffects.PersistFailed(long sequence, Exception cause)
    {
        _figures.PersistFailed();
        if (_setup.Local.IsWorthALine(_group.Number))
            KeyGroupLog.PersistFailed(_log, PersistenceId, sequence, _setup.JournalLocation, cause);
    }

    /// <inheritdoc/>
    void IShellEffects.RecoveryFailed(Exception cause)
    {
        if (_setup.Local.IsWorthALine(_group.Number))
            KeyGroupLog.RecoveryFailed(_log, PersistenceId, _setup.JournalLocation, cause);
    }

    /// <inheritdoc/>
    void IShellEffects.Refused(object sender, string reason) => KeyGroupLog.Refused(_log, PersistenceId, ((IActorRef)sender).Path, reason);

    /// <inheritdoc/>
    void IShellEffects.TailUnknown(int events) => KeyGroupLog.TailUnknown(_log, PersistenceId, events);

    // What asks is another node: one that is damaged, or of another version, may ask anything.
    void Answer(AskKey question)
    {
        try
        {
            Sender.Tell(KeyReports.Of(_group, question));
        }
        catch (MalformedBatchException e)
        {
            KeyGroupLog.Refused(_log, PersistenceId, Sender.Path, e.Message);
        }
    }

    void Persisted(JournalEvent e)
    {
        using var span = Profile.Measure(ProfileStage.Accept);
        _shell.Persisted(LastSequenceNr, e.Bytes);
        _figures.ShowWaiting();
    }

    // The snapshot store gives a time in UTC, whatever its kind says.
    static long EpochMs(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    KeyGroupStatus Status() => _group.Status(_events) with
    {
        Node = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString(),
        SnapshotSequence = _snapshots.Newest?.SequenceNr ?? 0,
        SnapshotTimeMs = _snapshots.Newest is not { } snapshot ? 0 : EpochMs(snapshot.Timestamp),
    };
}

/// <summary>Tells a key group of this node that something else is asked of the join's time.</summary>
sealed class OrderIsNew
{
    internal static OrderIsNew Instance { get; } = new();
}

/// <summary>Tells a key group that what is asked of the join was read, or could not be.</summary>
/// <param name="IsRead">Whether it was.</param>
sealed record OrderAnswer(bool IsRead);
