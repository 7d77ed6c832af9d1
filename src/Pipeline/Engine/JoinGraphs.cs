using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Sources;
using AkkaJoin.Shards;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// The streams and actors of a join that runs on this node:
/// <code>
/// KafkaSource -> RouterStage                  the router and the key groups talk by way of the shard region
/// key groups -> OutputSource -> KafkaSink     the sink confirms to the key groups
/// </code>
/// Beside them a <see cref="JoinWatch"/> starts the key groups and looks after what may go wrong in silence.
/// </summary>
sealed class JoinGraphs
{
    static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(3);
    static readonly TimeSpan LetOutInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    readonly PreparedJoin _prepared;
    readonly JoinContext _context;
    readonly JoinStop _stop;
    readonly JoinOutputs _outputs;
    volatile LocalKeyGroups? _local;
    volatile JoinMemory? _memory;

    JoinGraphs(PreparedJoin prepared, JoinStop stop, JoinOutputs outputs, IMaterializer materializer)
    {
        _prepared = prepared;
        _context = prepared.Context;
        _stop = stop;
        _outputs = outputs;
        Fields = new JoinFields(_context.Join);
        Inbox = new RouterInbox(RevokeTimeout) { Join = _context.Name };
        Orders = CreateOrders(Obey);
        Orders.Begin(); // before anything is read that nobody wants to be read
        RefuseOlderMembersAtRest();
        var sides = Sides();
        var consumer = ConsumerSettings.Create(_context.Kafka, _context.Join);

        // What may be refused is above: an actor that has been started stays.
        var relay = _context.System.ActorOf(
            Props.Create(() => new TickRelay(prepared.Definition.KeyGroups)), TickRelay.Name(_context.Name));
        Peers = new ClusterPeers(_context.System, _context.Name, relay, _context.Role);
        var setup = KeyGroups(relay);
        Gauges = setup.Local.Gauges;
        _local = setup.Local;
        _memory = _context.Memory.Add(_context.Name, setup, outputs.InFlightBytesMax);
        Obey(Orders.Current);
        _ = outputs.SinkDone.ContinueWith(_ => setup.Local.HasEnded = _memory.HasEnded = true, TaskScheduler.Default);
        var region = KeyGroupRegion.Start(_context.System, setup);
        Groups = new KeyGroupCalls(region, prepared.Definition.KeyGroups, TimeSpan.FromMilliseconds(_context.Join.Flow.ResendAfterMs));
        WatchParts(relay, region);
        Watch = CreateWatch(setup, region);
        (Consumer, SourceDone) = Chunks(consumer)
            .ToMaterialized(CreateRouter(sides, region), Keep.Both)
            .Run(materializer);
        Inbox.Control.SetResult(Consumer); // the router reads and commits nothing before this
    }

    /// <summary>Counts the configured fields.</summary>
    internal JoinFields Fields { get; }

    /// <summary>Asks the router.</summary>
    internal RouterInbox Inbox { get; }

    /// <summary>The nodes that run the join.</summary>
    internal ClusterPeers Peers { get; }

    /// <summary>Calls the key groups.</summary>
    internal KeyGroupCalls Groups { get; }

    /// <summary>What the key groups of this node show.</summary>
    internal JoinGauges Gauges { get; }

    /// <summary>What is asked of the join. It has to be run.</summary>
    internal FlowOrders Orders { get; }

    /// <summary>
    /// Whether time rests, as this node knows: also that of an attribution of which a side is paused.
    /// </summary>
    internal bool IsAtRest => TimeOf(Orders.Current).IsAtRest;

    /// <summary>Steers the consumer.</summary>
    internal IChunkControl Consumer { get; }

    /// <summary>Done when the stream of records has ended; faulted where it could not go on.</summary>
    internal Task<Done> SourceDone { get; }

    /// <summary>Done when the stream of rows has ended; faulted where it could not go on.</summary>
    internal Task<Done> SinkDone => _outputs.SinkDone;

    /// <summary>Starts the key groups, and watches the join. It has to be run.</summary>
    internal JoinWatch Watch { get; }

    /// <summary>Starts them. Where that fails, nothing is left that runs.</summary>
    /// <exception cref="UserException">
    /// No broker answered, a topic is not there, or a member of the cluster is too old for the join.
    /// </exception>
    internal static async Task<JoinGraphs> StartAsync(PreparedJoin prepared, JoinStop stop)
    {
        var context = prepared.Context;
        ClusterPeers.RefuseOlderMembers(context.Cluster, context.Role, prepared.Definition);
        var materializer = context.System.Materializer(namePrefix: "akkajoin-" + context.Name);
        var outputs = await JoinOutputs.OpenAsync(
            context.Kafka, context.Join, prepared.Outputs.MessageBytesMax, context.Rows, materializer, context.Log);
        try
        {
            return new JoinGraphs(prepared, stop, outputs, materializer);
        }
        catch
        {
            await outputs.CloseAsync(CloseTimeout);
            throw;
        }
    }

    /// <summary>Waits for the last rows on their way, and closes the producer.</summary>
    /// <returns>Whether this was the first call.</returns>
    internal Task<bool> CloseOutputsAsync() => _outputs.CloseAsync(CloseTimeout);

    /// <summary>The join as it is now.</summary>
    /// <exception cref="InvalidOperationException">The router has ended.</exception>
    internal async Task<JoinStatus> StatusAsync() => new(await Inbox.Ask(r => r.Status()), await Groups.StatusAsync());

    /// <summary>The router as it is now; null where it has ended.</summary>
    internal async Task<RouterStatus?> RouterAsync()
    {
        try
        {
            return await Inbox.Ask(r => r.Status());
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// How often the configured fields were there and missing, in this process; null where the router has ended.
    /// </summary>
    internal Task<InputCounts?> InputAsync() => AskAsync(r => r.Input());

    /// <inheritdoc cref="RunningJoin.LetOutAsync"/>
    internal async Task<bool> LetOutAsync(CancellationToken stopping)
    {
        var since = Stopwatch.GetTimestamp();
        var wasFlushing = false;
        try
        {
            wasFlushing = await Inbox.Ask(r => r.Flushing);
            Inbox.Post((router, _) => router.Flushing = true);
            while (!await Inbox.Ask(r => r.IsDrained && r.IsCommitted(Consumer)))
            {
                if (Stopwatch.GetElapsedTime(since).TotalMilliseconds > _context.Join.Flow.DrainTimeoutMs)
                    return false;
                await Task.Delay(LetOutInterval, stopping);
            }

            return await Groups.TryFlushAsync();
        }
        catch (InvalidOperationException)
        {
            return true; // the router has ended, drained
        }
        finally
        {
            // A bounded run flushes at its end, and goes on with it.
            if (!wasFlushing)
                Inbox.Post((router, _) => router.Flushing = false);
        }
    }

    async Task<T?> AskAsync<T>(Func<Router, T> question)
        where T : class
    {
        try
        {
            return await Inbox.Ask(question);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    Source<RecordChunk, IChunkControl> Chunks(ConsumerSettings consumer)
    {
        var (inputs, topics) = (_prepared.Inputs, _prepared.Subscription);
        if (inputs.Sources.Count == 0)
            return KafkaConsumer.ChunkSource(consumer, topics, Inbox);
        var own = Source.FromGraph(new RecordSourceStage(inputs, consumer.PartitionInFlightBytesMax, Inbox));
        return topics.Topics.Count == 0
            ? own
            : KafkaConsumer.ChunkSource(consumer, topics, Inbox)
                .MergeMaterialized(own, (kafka, application) => (IChunkControl)new JoinedControl(kafka, application, inputs));
    }

    KeyGroupSetup KeyGroups(IActorRef relay)
    {
        var (flow, journal) = (_context.Join.Flow, _context.Journal);
        return new KeyGroupSetup(
            _prepared.Definition with { Idle = Idle },
            _ => RowWriterFactory.Create(_context.Join, Fields.Select),
            _outputs.Write,
            _stop.Fail,
            new KeyGroupLimits(
                EventBytesMax: flow.EventBytesMax,
                PendingBytesMax: flow.PendingBytesMax,
                UnconfirmedBytesMax: flow.UnconfirmedBytesMax,
                SnapshotBytesMin: flow.SnapshotBytesMin,
                WakeRowsMax: flow.WakeRowsMax),
            TimeSpan.FromMilliseconds(flow.CommitIntervalMs),
            journal.Location)
        {
            Ticks = relay,
            Role = _context.Role,
            WritesSource = _context.Join.Output.Headers.HasFlag(RowHeaders.Source),
            FormatVersion = () => Peers.FormatVersion,
            Tail = _outputs.Tail,
            HandOverTimeout = TimeSpan.FromMilliseconds(flow.HandOverTimeoutMs),
            Slabs = _context.Memory.Slabs,
            Segments = journal.Segments,
            ReadOrder = ReadOrderAsync,
            SnapshotPermits = journal.SnapshotPermits,
        };
    }

    void WatchParts(IActorRef relay, IActorRef region)
    {
        var parts = new PartWatch(
            _context.System,
            () => _stop.IsDraining || _stop.Stopping.IsCancellationRequested || ClusterPeers.IsGivenUp(_context.Cluster),
            _stop.Fail);
        _ = parts.WatchAsync(region, $"the region of the key groups of {_context.Name}");
        _ = parts.WatchAsync(relay, $"the relay of ticks of {_context.Name}");
    }

    // A bounded run knows no idleness, and ends that of before: what it reads of a partition that was left out counts.
    // Of a join that there is already, the journal may say what is not configured.
    IdlePolicy Idle => _context.Options.Bounded ? IdlePolicy.Wait : _prepared.Definition.Idle;

    JoinWatch CreateWatch(KeyGroupSetup setup, IActorRef region)
    {
        var (name, log) = (_context.Name, _context.Log);
        return new JoinWatch
        {
            Join = name,
            Log = log,
            Starter = new KeyGroupStarter(
                region,
                _prepared.Definition.KeyGroups,
                Peers,
                new CoordinatorWatch(_context.Cluster, region, _context.Role),
                new RecoveryOrder(_context.Journal.RecoveryBytes, setup.PersistenceId)),
            Cluster = _context.Cluster,
            Memory = new MemoryWatch(_context.Memory, _memory!, name, log),
            Retention = _prepared.Outputs.Retention,
            Times = new EventTimeWatch(name, log),
            Clock = _context.Journal.Clock,
            Inbox = Inbox,
            Fields = Fields.Watch,
            Reminder = new OrderReminder(
                () => Orders.Current,
                () => ClusterPeers.OlderMembers(_context.Cluster, _context.Role, FormatVersions.JoinTime),
                order => EngineLog.OrderStays(log, name, order),
                older => EngineLog.OrderIsUnknown(log, name, older)),
            OlderMembers = Idle == IdlePolicy.Wait ? null : new IdleReminder(
                () => ClusterPeers.OlderMembers(_context.Cluster, _context.Role, FormatVersions.JoinTime),
                members => EngineLog.SilenceHoldsTime(log, name, Idle, members),
                () => EngineLog.SilenceHoldsTimeNoMore(log, name)),
            Tail = _outputs.Tail,
            Unread = _context.Rows is { } rows ? nowMs => rows.Unread(nowMs, setup.Local.Runs) : null,
            Fail = _stop.Fail,
        };
    }

    // An attribution tells of a right that nothing led to it. It does not while a side is not read.
    TimeOrder TimeOf(FlowOrder order) => order.Time(restsWhilePaused: _prepared.Definition.Type == JoinType.Attribution);

    // They would apply events as if time moved.
    void RefuseOlderMembersAtRest()
    {
        if (!IsAtRest)
            return;
        var older = ClusterPeers.OlderMembers(_context.Cluster, _context.Role, FormatVersions.JoinTime);
        if (older.Count > 0)
        {
            throw new UserException(
                $"join '{_context.Name}': its time rests, since somebody asked for it, and {string.Join(", ", older)} of an earlier "
                    + "release cannot run it so. Upgrade every node that runs the join, or stop it there",
                1);
        }
    }

    void Obey(FlowOrder order)
    {
        _local?.Obey(TimeOf(order));
        if (_memory is { } memory)
            memory.IsHeld = order.LetsStateGrow;
    }

    async Task<bool> ReadOrderAsync()
    {
        try
        {
            await Task.Run(Orders.Read);
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    FlowOrders CreateOrders(Action<FlowOrder> changed)
    {
        var (name, log) = (_context.Name, _context.Log);
        return new FlowOrders(
            new FlowOrderStore(_context.Journal, name), Inbox, () => _context.Journal.Clock.NowMs)
        {
            Changed = order =>
            {
                changed(order);
                EngineLog.OrderIs(log, name, order);
            },
            Unread = reason => EngineLog.OrderIsUnread(log, name, reason),
        };
    }

    RouterStage CreateRouter(Func<string, IReadOnlyList<RouteSide>> sides, IActorRef region)
    {
        var join = _context.Join;
        var settings = new RouterSettings(_prepared.Definition.KeyGroups, join.MaxOutOfOrdernessMs, join.Flow, join.MaxDriftMs, join.Name)
        {
            Times = EventTimeLimits.Of(_prepared.Definition),
            Jumps = JumpLimit.Of(_prepared.Definition),
            SourcePartitions = _prepared.SourcePartitions,
            RecordsPerSecondMax = join.RecordsPerSecondMax,
            Memory = () => _context.Memory.Look(_memory!),
            SelectedFields = Fields.Select.Counts,
            FormatVersion = () => Peers.FormatVersion,
            IsBounded = _context.Options.Bounded,
            Idle = Idle,
            IdleTimeoutMs = join.IdleTimeoutMs,
        };
        return new RouterStage(
            settings,
            sides,
            Inbox,
            region,
            Peers,
            _context.Journal.Clock,
            new EngineEffects(
                Inbox,
                _outputs.WriteDeadLetterAsync,
                new LogEnds(_context.Kafka, _context.Join, _stop.Stopping).AskAsync,
                JournalIsBehind,
                JournalIsAhead,
                _stop.Stopping));
    }

    Func<string, IReadOnlyList<RouteSide>> Sides()
    {
        var (left, right) = (_context.Join.Left, _context.Join.Right);
        var leftSide = new RouteSide(Side.Left, 0, DecoderFactory.Create(left, _context.Join.LeftFields), Fields.Left);
        var rightSide = new RouteSide(Side.Right, 0, DecoderFactory.Create(right, _context.Join.RightFields), Fields.Right);
        if (left.Topic == right.Topic)
            return _ => [leftSide, rightSide];
        return topic => topic == left.Topic ? [leftSide] : [rightSide];
    }

    void JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied) =>
        EngineLog.JournalIsAhead(_context.Log, _context.Name, partitions, offsets, example, applied);

    void JournalIsBehind(string topic, int partition, long committed, long applied) =>
        EngineLog.JournalIsBehind(_context.Log, _context.Name, topic, partition, committed, applied);
}
