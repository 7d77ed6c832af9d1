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
/// The joins of an application, from its start to its end: they are checked, wait until the application's cluster is formed and the journal is
/// theirs, and run. What goes wrong at any time is told to the application, which decides; its own start does not wait for any of it.
/// </summary>
sealed class EmbeddedJoins : IAsyncDisposable
{
    static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(20);
    readonly ActorSystem _system;
    readonly AkkaJoinSettings _settings;
    readonly JoinJournal _journal;
    readonly NodeMemory _memory;
    readonly JoinFailures _failures;
    readonly CancellationTokenSource _stopping = new();
    readonly List<JoinEngine> _engines = [];
    Task _starting = Task.CompletedTask;
    volatile bool _isAbandoned;

    EmbeddedJoins(ActorSystem system, AkkaJoinSettings settings, JoinJournal journal, JoinFailures failures)
    {
        _system = system;
        _settings = settings;
        _journal = journal;
        _memory = new NodeMemory(settings.Memory);
        _failures = failures;
    }

    /// <summary>Starts them, beside what the application starts.</summary>
    internal static void Start(ActorSystem system, AkkaJoinSettings settings, JoinJournal journal, JoinFailures failures)
    {
        if (!AkkaJoinGuard.IsGuarded(system))
            PipelineLog.NotGuarded(system.Log);
        var joins = new EmbeddedJoins(system, settings, journal, failures);
        joins._starting = Task.Run(joins.RunAsync);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "akkajoin-start-no-more", async () =>
        {
            await joins._stopping.CancelAsync();
            await joins._starting;
            return Done.Instance;
        });
        _ = system.WhenTerminated.ContinueWith(async _ => await joins.DisposeAsync(), TaskScheduler.Default);
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
                PipelineLog.NoDowning(_system.Log);
            foreach (var join in new JoinChain(_settings.Joins).InOrder)
                await TryAsync(join.Name, async () => _engines.Add(await JoinEngine.PrepareAsync(_system, _settings.Kafka, join, _journal, new EngineOptions(), memory: _memory)));
            if (_engines.Count == 0)
                return;
            await UpAsync();
            await ClaimAsync();
            foreach (var engine in _engines)
                await TryAsync(engine.Name, () => StartAsync(engine));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The application ends before the joins ran.
        }
        catch (Exception e)
        {
            foreach (var engine in _engines)
                _failures.Report(_system, engine.Name, e);
        }
    }

    async Task StartAsync(JoinEngine engine)
    {
        _stopping.Token.ThrowIfCancellationRequested();
        await engine.StartAsync();
        ShutdownPhases.Add(_system, engine);
        _ = engine.Completion.ContinueWith(
            ended => _failures.Report(_system, engine.Name, ended.Exception!.GetBaseException()),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        if (_isAbandoned)
            CloseWhenEnded(engine);
    }

    // The application may be told to join at any time after its start, by itself or by an operator.
    async Task UpAsync()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Get(_system).RegisterOnMemberUp(() => up.TrySetResult());
        if (await Task.WhenAny(up.Task, Task.Delay(SayAfter, _stopping.Token)) != up.Task && !_stopping.IsCancellationRequested)
            PipelineLog.WaitsForApplicationsCluster(_system.Log);
        await up.Task.WaitAsync(_stopping.Token);
    }

    async Task ClaimAsync()
    {
        var timeToLive = TimeSpan.FromMilliseconds(_settings.Cluster.LeaseTimeoutMs);
        var holder = new LeaseHolder(Cluster.Get(_system), withUid: true);
        var id = await new ApplicationLease(_journal.Lease, _journal.Place, _journal.PlaceKey, holder, timeToLive, _system.Log).ClaimAsync(_stopping.Token);
        LeaseKeeper.Start(_system, _journal.Lease, holder, id, timeToLive, other => Abandon(other));
    }

    // The actor system is the application's and lives on. Its key groups are another cluster's now: none of them may still write.
    void Abandon(string other)
    {
        var reason = new UserException(
            $"{other}, which is no member of this application's cluster, runs joins on {_journal.Place} now: this cluster fell apart, or was away for longer than its lease. "
            + "Start the application again, and let the nodes find each other",
            1);
        _isAbandoned = true;
        foreach (var engine in _engines)
        {
            engine.Abandon(reason);
            CloseWhenEnded(engine);
        }
    }

    static void CloseWhenEnded(JoinEngine engine) => _ = engine.Completion?.ContinueWith(_ => engine.CloseOutputsAsync(), TaskScheduler.Default);

    async Task TryAsync(string join, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            _failures.Report(_system, join, e);
        }
    }
}
