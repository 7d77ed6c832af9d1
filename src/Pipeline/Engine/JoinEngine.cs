using Akka;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Dsl;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// One join of this node in an actor system that it does not own:
/// <code>
/// KafkaSource -> Router -> committer          the router and the key groups talk by way of the shard region
/// key groups -> OutputSource -> KafkaSink     the sink confirms to the key groups
/// </code>
/// <see cref="JoinPreparation"/> checks everything that can be checked, before this node is one of the cluster. After <see cref="StartAsync"/> the join
/// runs until <see cref="DrainAsync"/>, the end of a bounded run, or a failure that nothing mends; <see cref="Completion"/> tells which. From then on
/// this node reads nothing, but its key groups serve the other nodes until they are handed over; <see cref="CloseOutputsAsync"/> comes last.
/// </summary>
sealed class JoinEngine : IAsyncDisposable
{
    static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(3);
    static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    readonly JoinSettings _join;
    readonly ILoggingAdapter _log;
    readonly JoinFields _fields;
    readonly RouterInbox _inbox = new(RevokeTimeout);
    readonly CancellationTokenSource _stopping = new();
    readonly TaskCompletionSource _drainRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<Done> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly JoinJournal _journal;
    readonly EngineOptions _options;
    readonly ActorSystem _system;
    readonly KafkaSettings _kafka;
    readonly string? _role;
    readonly NodeMemory _memory;
    JoinPreparation _prepared = null!;
    IActorRef _region = ActorRefs.Nobody;
    ClusterPeers _peers = null!;
    IChunkControl _control = null!;
    JoinOutputs? _outputs;
    Task<Done> _sinkDone = null!;
    Task<Done> _sourceDone = null!;
    GroupCalls _groups = null!;
    KeepAlive _keepAlive = null!;

    JoinEngine(ActorSystem system, KafkaSettings kafka, JoinSettings join, JoinJournal journal, EngineOptions options, string? role, NodeMemory memory)
    {
        _role = role;
        _memory = memory;
        _system = system;
        _kafka = kafka;
        _join = join;
        _fields = new JoinFields(join);
        _journal = journal;
        _options = options;
        _log = Logging.GetLogger(system, $"AkkaJoin({join.Name})");
    }

    /// <summary>The join's name.</summary>
    internal string Name => _join.Name;

    /// <summary>Done when the join has ended; faulted where it could not go on.</summary>
    internal Task<JoinResult> Completion { get; private set; } = null!;

    /// <summary>Checks everything that can be checked before the join runs.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="kafka">The brokers.</param>
    /// <param name="join">The join.</param>
    /// <param name="journal">The journal; its plugins are in the system's configuration.</param>
    /// <param name="options">How to run.</param>
    /// <param name="role">The cluster role of the nodes that run the join; null = all nodes do.</param>
    /// <param name="memory">The memory of the process, where it has several joins; whoever made it ends it. Null = one of its own, with the default budget.</param>
    /// <exception cref="UserException">Broker, topics, journal or definition are not as needed.</exception>
    internal static async Task<JoinEngine> PrepareAsync(
        ActorSystem system,
        KafkaSettings kafka,
        JoinSettings join,
        JoinJournal journal,
        EngineOptions options,
        string? role = null,
        NodeMemory? memory = null)
    {
        var engine = new JoinEngine(system, kafka, join, journal, options, role, memory ?? new NodeMemory(new MemorySettings()));
        engine._prepared = await JoinPreparation.CreateAsync(kafka, join, journal, options, Cluster.Get(system), role, engine._log);
        return engine;
    }

    /// <summary>Starts; the node is a member of the cluster.</summary>
    /// <exception cref="UserException">Another node of the join and a bounded run cannot be beside each other.</exception>
    internal async Task StartAsync()
    {
        BoundedRuns.Check(Cluster.Get(_system), Name, _role, _options.Bounded);
        await RunGraphsAsync();
        Completion = RunAsync();
    }

    /// <summary>
    /// Starts when other bounded joins of this node have ended, whose rows it reads, and takes its ends only then: all their rows are with the broker.
    /// </summary>
    /// <exception cref="UserException">Another node of the join and a bounded run cannot be beside each other.</exception>
    internal void StartAfter(IReadOnlyList<JoinEngine> before)
    {
        BoundedRuns.Check(Cluster.Get(_system), Name, _role, _options.Bounded);
        Completion = RunAfterAsync(before);
    }

    /// <summary>
    /// Reads no more, finishes what is on the way within the drain's limit, commits, and ends.
    /// </summary>
    internal Task DrainAsync()
    {
        if (_drainRequested.TrySetResult())
            PipelineLog.Draining(_log, Name);
        return Completion?.ContinueWith(static _ => { }, TaskScheduler.Default) ?? Task.CompletedTask;
    }

    /// <summary>
    /// Ends at once: the other nodes have given this one up, and what it would still write is theirs. Nothing is lost: what was not
    /// committed is read again there.
    /// </summary>
    /// <param name="reason">Why; null = the other nodes gave this one up.</param>
    internal void Abandon(Exception? reason = null) => _fatal.TrySetException(reason ?? new UserException("this node is no member of the cluster any more", 1));

    /// <summary>Waits for the last rows on their way, and closes the producer. No key group runs on this node any more.</summary>
    internal async Task CloseOutputsAsync()
    {
        if (_outputs is not null && await _outputs.CloseAsync(AskTimeout))
            PipelineLog.Ended(_log, Name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        await CloseOutputsAsync();
        _stopping.Dispose();
    }

    /// <summary>The join as it is now.</summary>
    internal async Task<JoinStatus> StatusAsync()
    {
        var router = await _inbox.Ask(r => r.Status());
        return new JoinStatus(router, await _groups.StatusAsync());
    }

    /// <summary>What was found of the configured fields in this process, and what not; null where the join does not run yet, or has ended.</summary>
    internal async Task<InputCounts?> InputAsync()
    {
        if (!_inbox.Control.Task.IsCompleted)
            return null;
        try
        {
            return await _inbox.Ask(r => r.Input());
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    async Task WatchTopicsAsync()
    {
        if (await TopicWatch.RunAsync(_kafka, _prepared.Subscription.Sources, (topic, before, now) => PipelineLog.PartitionsAdded(_log, Name, topic, before, now), _stopping.Token) is not { } reason)
            return;
        _control.RefuseCommits();
        _fatal.TrySetException(reason);
    }

    async Task RunGraphsAsync()
    {
        var definition = _prepared.Definition;
        var materializer = _system.Materializer(namePrefix: "akkajoin-" + Name);
        var outputs = _outputs = await JoinOutputs.OpenAsync(_kafka, _join, _prepared.Outputs.MessageBytesMax, materializer, _log);
        _sinkDone = outputs.SinkDone;

        var flow = _join.Flow;
        var relay = _system.ActorOf(Props.Create(() => new TickRelay(definition.KeyGroups)), TickRelay.Name(Name));
        var peers = _peers = new ClusterPeers(_system, Name, relay, _role);
        ClusterPeers.RefuseOlderMembers(Cluster.Get(_system), _role, definition);
        var groups = new KeyGroupSetup(
            definition,
            _ => RowWriterFactory.Create(_join, _fields.Select),
            outputs.Write,
            e => _fatal.TrySetException(e),
            new KeyGroupLimits(
                EventBytesMax: flow.EventBytesMax, PendingBytesMax: flow.PendingBytesMax, UnconfirmedBytesMax: flow.UnconfirmedBytesMax, SnapshotBytesMin: flow.SnapshotBytesMin),
            TimeSpan.FromMilliseconds(flow.CommitIntervalMs),
            _journal.Place)
        {
            Ticks = relay,
            Role = _role,
            FormatVersion = () => peers.FormatVersion,
            Tail = outputs.Tail,
            HandOverTimeout = TimeSpan.FromMilliseconds(flow.HandOverTimeoutMs),
            Slabs = _memory.Slabs,
            Chunks = _journal.Chunks,
            SnapshotPermits = _journal.SnapshotPermits,
        };
        _ = _sinkDone.ContinueWith(_ => groups.HasEnded = true, TaskScheduler.Default);
        _region = KeyGroupRegion.Start(_system, groups);
        _keepAlive = CreateKeepAlive(groups, outputs);
        _groups = new GroupCalls(_region, definition.KeyGroups, TimeSpan.FromMilliseconds(flow.ResendAfterMs));
        var cluster = Cluster.Get(_system);
        var parts = new PartWatch(
            _system, () => _drainRequested.Task.IsCompleted || _stopping.IsCancellationRequested || cluster.IsTerminated, e => _fatal.TrySetException(e));
        _ = parts.WatchAsync(_region, $"the region of the key groups of {Name}");
        _ = parts.WatchAsync(relay, $"the relay of ticks of {Name}");

        var stage = new RouterStage(
            new RouterSettings(definition.KeyGroups, _join.MaxOutOfOrdernessMs, flow, _join.MaxDriftMs, Name)
            {
                Memory = _memory.Look,
                SelectedFields = _fields.Select.Counts,
                FormatVersion = () => peers.FormatVersion,
            },
            Sides(),
            _inbox,
            _region,
            _peers,
            effects => new EngineEffects(effects, _inbox, outputs.WriteDeadLetterAsync, JournalIsBehind, JournalIsAhead, _stopping.Token));
        var (control, sourceDone) = KafkaConsumer.ChunkSource(ConsumerSettings.Create(_kafka, _join), _prepared.Subscription, _inbox)
            .Via(stage)
            .ToMaterialized(Sink.ForEach<PartitionOffset>(offset => _control.Commit([offset])), Keep.Both)
            .Run(materializer);
        _control = control;
        _sourceDone = sourceDone;
        _inbox.Control.SetResult(control);
    }

    KeepAlive CreateKeepAlive(KeyGroupSetup groups, JoinOutputs outputs)
    {
        var cluster = Cluster.Get(_system);
        return new KeepAlive
        {
            Join = Name,
            KeyGroups = _join.KeyGroups,
            Cluster = cluster,
            Peers = _peers,
            Region = _region,
            Coordinator = new CoordinatorWatch(cluster, _region, _role),
            Order = new RecoveryOrder(_journal.RecoveryBytes, groups.PersistenceId),
            Memory = new MemoryWatch(_memory, _memory.Add(Name, groups, outputs.InFlightBytesMax), Name, _log),
            Retention = _prepared.Outputs.Retention,
            Times = new EventTimeWatch(Name, _log),
            Inbox = _inbox,
            Fields = _fields.Watch,
            Input = InputAsync,
            Tail = outputs.Tail,
            Fatal = e => _fatal.TrySetException(e),
            Log = _log,
        };
    }

    Func<string, IReadOnlyList<RouteSide>> Sides()
    {
        var sides = new List<(string Topic, RouteSide Side)>
        {
            (_join.Left.Topic, new RouteSide(Side.Left, 0, DecoderFactory.Create(_join.Left, _join.LeftFields), _fields.Left)),
            (_join.Right.Topic, new RouteSide(Side.Right, 0, DecoderFactory.Create(_join.Right, _join.RightFields), _fields.Right)),
        };
        var byTopic = sides.GroupBy(s => s.Topic).ToDictionary(g => g.Key, g => (IReadOnlyList<RouteSide>)[.. g.Select(s => s.Side)]);
        return topic => byTopic[topic];
    }

    void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) =>
        PipelineLog.JournalIsAhead(_log, Name, partitions, offsets, example, covered);

    void JournalIsBehind(string topic, int partition, long committed, long covered) =>
        PipelineLog.JournalIsBehind(_log, Name, topic, partition, committed, covered);

    async Task<JoinResult> RunAfterAsync(IReadOnlyList<JoinEngine> before)
    {
        var ended = Task.WhenAll(before.Select(join => join.Completion));
        await await Task.WhenAny(ended.ContinueWith(static _ => { }, TaskScheduler.Default), _drainRequested.Task, _fatal.Task);
        if (_drainRequested.Task.IsCompleted)
            return new JoinResult(null, null, null);
        if (!ended.IsCompletedSuccessfully)
            throw new UserException($"join '{Name}' did not run, since a join whose rows it reads failed: {ended.Exception!.GetBaseException().Message}", 1);
        await _prepared.TakeEndsAsync();
        await RunGraphsAsync();
        return await RunAsync();
    }

    async Task<JoinResult> RunAsync()
    {
        var background = Task.WhenAll(OrEndAsync(_keepAlive.RunAsync(_stopping.Token)), OrEndAsync(WatchTopicsAsync()));
        try
        {
            var inputs = InputEnd();
            var end = _options.Bounded ? inputs.ReachAsync(_stopping.Token) : Task.Delay(Timeout.Infinite, _stopping.Token);
            var first = await Task.WhenAny(end, _sinkDone, _sourceDone, _fatal.Task, _drainRequested.Task);
            if (first != _drainRequested.Task)
                await first;
            if (first == _sinkDone || first == _sourceDone)
                throw PartWatch.Ended($"the stream of {(first == _sinkDone ? "rows" : "records")} of {Name}");
            var result = _options.Bounded && end.IsCompletedSuccessfully && !_drainRequested.Task.IsCompleted
                ? await OrFailureAsync(CloseAsync(inputs))
                : new JoinResult(null, null, null);
            await _control.Stop();
            await await Task.WhenAny(_sourceDone, _sinkDone, _fatal.Task);
            if (!_peers.AreSeveral)
                await FlushAsync();
            return Judged(result.Status is null ? result with { Status = await LastStatusAsync() } : result);
        }
        finally
        {
            await EndAsync(background);
        }
    }

    JoinResult Judged(JoinResult result)
    {
        if (result.Status is null)
            return result;
        var warnings = _fields.Warnings(result.Status.Router.Input);
        foreach (var warning in warnings)
            PipelineLog.FieldIsMissing(_log, Name, warning);
        return result with { Warnings = warnings };
    }

    InputEnd InputEnd() => new()
    {
        Join = Name,
        Partitions = _prepared.SourcePartitions,
        Open = _prepared.Open,
        KeepsOpen = _prepared.KeepsOpen,
        Inbox = _inbox,
        Groups = _groups,
        Journal = _journal,
        SourceDone = _sourceDone,
        StopRequested = _drainRequested.Task,
    };

    async Task<JoinResult> CloseAsync(InputEnd inputs)
    {
        await _keepAlive.WarnOfTimesAsync();
        return await inputs.CloseAsync(_stopping.Token);
    }

    // The last rows of a bounded run may be refused: that says more than the time-out of the groups that wait for them.
    async Task<JoinResult> OrFailureAsync(Task<JoinResult> work)
    {
        await await Task.WhenAny(work, _sinkDone, _sourceDone, _fatal.Task);
        return await work;
    }

    // A watch that fails ends the join: it would else go on unwatched, and nobody would know.
    async Task OrEndAsync(Task watch)
    {
        try
        {
            await watch;
        }
        catch (Exception e)
        {
            _fatal.TrySetException(e);
        }
    }

    async Task EndAsync(Task background)
    {
        await _stopping.CancelAsync();
        await background;
        await _control.Shutdown();
    }

    // Confirmations into the journal: what they name is not sent again after the next start. A group that does not answer costs that only.
    async Task FlushAsync()
    {
        if (!await _groups.TryFlushAsync())
            PipelineLog.FlushTimedOut(_log, Name);
    }

    // A stop while the journal fails is a clean stop all the same: the report is shorter then.
    async Task<JoinStatus?> LastStatusAsync()
    {
        try
        {
            return _inbox.Last is { } router ? new JoinStatus(router, await _groups.StatusAsync()) : null;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
