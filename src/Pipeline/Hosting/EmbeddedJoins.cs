using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>
/// The joins of an application, from its start to its end. They are checked, wait until the application's cluster is
/// formed and the journal's lease is theirs, and run. The application is told of every failure and decides what
/// follows. Its own start waits for none of this.
/// </summary>
sealed class EmbeddedJoins : IAsyncDisposable
{
    static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(20);
    readonly ActorSystem _system;
    readonly AkkaJoinSettings _settings;
    readonly JoinJournal _journal;
    readonly NodeMemory _memory;
    readonly JoinFailures _failures;
    readonly ApplicationParts _parts;
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    readonly List<RunningJoin> _running = [];
    readonly HashSet<string> _told = []; // joins that failed before they ran
    UserException? _abandoned; // why no join may run any more
    Task _starting = Task.CompletedTask;

    EmbeddedJoins(
        ActorSystem system,
        AkkaJoinSettings settings,
        JoinJournal journal,
        JoinFailures failures,
        ApplicationParts parts)
    {
        _parts = parts;
        _system = system;
        _settings = settings;
        _journal = journal;
        _memory = new NodeMemory(settings.Memory);
        _failures = failures;
    }

    /// <summary>Their journal.</summary>
    internal JoinJournal Journal => _journal;

    /// <summary>Those that run, or have run.</summary>
    internal IReadOnlyList<RunningJoin> Running
    {
        get
        {
            lock (_gate)
                return [.. _running];
        }
    }

    /// <summary>Starts them, beside what the application starts.</summary>
    internal static EmbeddedJoins Start(
        ActorSystem system,
        AkkaJoinSettings settings,
        JoinJournal journal,
        JoinFailures failures,
        ApplicationParts parts)
    {
        if (!AkkaJoinGuard.IsGuarded(system))
            HostingLog.NotGuarded(system.Log);
        var joins = new EmbeddedJoins(system, settings, journal, failures, parts);
        joins._starting = Task.Run(joins.RunAsync);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "akkajoin-start-no-more", async () =>
        {
            await joins._stopping.CancelAsync();
            await joins._starting;
            return Done.Instance;
        });
        var ended = system.WhenTerminated.ContinueWith(_ => joins.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();

        // Who waits for the end of the application finds the journal free: the next one may be in the same process.
        if (system.Settings.Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system"))
        {
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "akkajoin-journal", async () =>
            {
                await ended;
                return Done.Instance;
            });
        }

        return joins;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _starting;
        _memory.Dispose();
        _journal.Dispose();
        _stopping.Dispose();
    }

    async Task RunAsync()
    {
        try
        {
            FormatAnnouncement.Check(_system);
            if (ClusterTuning.HasNoDowning(Cluster.Get(_system)))
                HostingLog.NoDowning(_system.Log);
            var prepared = new List<PreparedJoin>();
            foreach (var join in new JoinChain(_settings.Joins).InOrder)
                await TryAsync(join.Name, async () => prepared.Add(await PreparedJoin.CreateAsync(Context(join))));
            if (prepared.Count == 0)
                return;
            await UpAsync();
            await ClaimAsync();
            foreach (var join in prepared)
                await TryAsync(join.Name, () => StartAsync(join));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The application ends before the joins ran.
        }
        catch (Exception e)
        {
            // It stops all joins that have not been told of, also where none was prepared yet.
            _failures.Report(_system, [.. _settings.Joins.Select(join => join.Name).Where(join => !_told.Contains(join))], e);
        }
    }

    JoinContext Context(JoinSettings join) => new(_system, _settings.Kafka, join, _journal, new EngineOptions(), Role: null, _memory)
    {
        Rows = _parts.Outlets.GetValueOrDefault(join.Name),
        Sources = _parts.Sources,
    };

    async Task StartAsync(PreparedJoin prepared)
    {
        _stopping.Token.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _abandoned) is { } reason)
            throw reason;
        var join = await prepared.StartAsync();
        ShutdownPhases.Add(_system, join);
        _ = join.Completion.ContinueWith(
            ended => _failures.Report(_system, join.Name, ended.Exception!.GetBaseException()),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        lock (_gate)
        {
            _running.Add(join);
            if (_abandoned is not null)
                Abandon(join, _abandoned);
        }
    }

    // The application may be told to join at any time after its start, by itself or by an operator.
    async Task UpAsync()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Get(_system).RegisterOnMemberUp(() => up.TrySetResult());
        if (await Task.WhenAny(up.Task, Task.Delay(SayAfter, _stopping.Token)) != up.Task && !_stopping.IsCancellationRequested)
            HostingLog.WaitsForApplicationsCluster(_system.Log);
        await up.Task.WaitAsync(_stopping.Token);
    }

    async Task ClaimAsync()
    {
        var timeToLive = TimeSpan.FromMilliseconds(_settings.Cluster.LeaseTimeoutMs);
        var holder = new LeaseHolder(Cluster.Get(_system), withUid: true);
        var lease = new ApplicationLease(_journal.Lease, _journal.Location, _journal.LocationKey, holder, timeToLive, _system.Log);
        var id = await lease.ClaimAsync(_stopping.Token);
        QuarantineWatch.Start(_system);
        LeaseKeeper.Start(_system, _journal.Lease, holder, id, timeToLive, other => Abandon(other));
    }

    // The actor system is the application's and lives on. Its key groups are another cluster's now: none of them may
    // still write.
    void Abandon(string other)
    {
        var reason = new UserException(
            $"{other}, which is no member of this application's cluster, runs joins on {_journal.Location} now: this cluster "
                + "fell apart, or was away for longer than its lease. "
            + "Start the application again, and let the nodes find each other",
            1);
        lock (_gate)
        {
            _abandoned = reason;
            foreach (var join in _running)
                Abandon(join, reason);
        }
    }

    static void Abandon(RunningJoin join, UserException reason)
    {
        join.Abandon(reason);
        _ = join.Completion.ContinueWith(_ => join.CloseOutputsAsync(), TaskScheduler.Default);
    }

    async Task TryAsync(string join, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            _told.Add(join);
            _failures.Report(_system, join, e);
        }
    }
}
