using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Clocks;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// A process: one router and the key groups that it believes to be its own. What is planned for a life of it that is over does not happen;
/// what is planned while it stands still happens when it goes on, all at once.
/// </summary>
sealed class Node
{
    const int KeepAliveMs = 150;
    readonly Queue<Action> _held = new();

    internal Node(SimulatedWorld world, int number)
    {
        World = world;
        Number = number;
        Groups = world.Scenario.Definition.KeyGroups;
        Shells = new SimulatedKeyGroup?[Groups];
        Homes = new int[Groups];
    }

    internal SimulatedWorld World { get; }

    internal int Number { get; }

    internal string Name => "node-" + Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal int Groups { get; }

    /// <summary>Counts its lives.</summary>
    internal int Incarnation { get; private set; }

    internal bool Alive { get; private set; }

    internal bool Frozen { get; private set; }

    /// <summary>Whether the others do not see it, nor it them.</summary>
    internal bool Isolated { get; set; }

    /// <summary>Whether the others have taken over what was its own. It exits when it learns of that.</summary>
    internal bool Downed { get; set; }

    internal SimulatedKeyGroup?[] Shells { get; private set; }

    internal NodeRouter? Router { get; private set; }

    /// <summary>What it knows of what is asked of the join.</summary>
    internal NodeOrders Orders { get; private set; } = null!;

    /// <summary>Where it believes each key group to live.</summary>
    internal int[] Homes { get; private set; }

    /// <summary>What KeyGroupSetup keeps for a process.</summary>
    internal KeyGroupMemory[] Memories { get; private set; } = [];

    /// <summary>What is known of the output topics; null where what was written is written again.</summary>
    internal Deliveries? Deliveries { get; private set; }

    internal TailReader? Tail { get; private set; }

    /// <summary>How many more key groups may write a snapshot at once.</summary>
    internal SnapshotPermits SnapshotPermits { get; private set; } = new();

    /// <summary>Its own clock: clocks of two machines differ.</summary>
    internal long ClockMs => World.Schedule.Now + (Number * 1_234_567);

    /// <summary>The format that it writes: each hears at another time that the last node of the older one has left.</summary>
    internal byte FormatVersion => World.Scenario.NewFormatAtMs == 0 || World.Schedule.Now >= World.Scenario.NewFormatAtMs + (Number * 30)
        ? FormatVersions.Newest
        : World.Scenario.OldFormat;

    internal bool IsAlive(int incarnation) => Alive && incarnation == Incarnation;

    /// <summary>Plans something that this life of the node does.</summary>
    internal void After(long ms, Action action) => AfterAs(Incarnation, ms, action);

    /// <summary>Plans something that one life of the node does.</summary>
    internal void AfterAs(int incarnation, long ms, Action action) => World.Schedule.After(ms, () => Do(incarnation, action));

    /// <summary>The time of this life of the node: it stands still with the node, and ends with its life.</summary>
    internal TimeProvider Time()
    {
        var incarnation = Incarnation;
        return new VirtualTime(() => World.Schedule.Now, (ms, action) => AfterAs(incarnation, ms, action));
    }

    internal void Start()
    {
        Incarnation++;
        Alive = true;
        Frozen = Isolated = Downed = false;
        Shells = new SimulatedKeyGroup?[Groups];
        Memories = [.. Enumerable.Range(0, Groups).Select(_ => new KeyGroupMemory())];
        SnapshotPermits = new SnapshotPermits();
        if (World.Scenario.Deduplicates)
            OpenTail();
        Homes = [.. World.Sharding.Owners];
        World.History.Note(Number, -1, "starts");
        Router = new NodeRouter(this);
        Orders = new NodeOrders(this, Obey);
        Orders.Start();
        Router.Start();
        KeepAlive();
    }

    internal void Crash()
    {
        if (!Alive)
            return;
        World.History.Note(Number, -1, "dies");
        Alive = false;
        Frozen = false;
        _held.Clear();
        Router = null;
    }

    internal void Freeze()
    {
        World.History.Note(Number, -1, "stands still");
        Frozen = true;
    }

    internal void Wake()
    {
        if (!Frozen)
            return;
        World.History.Note(Number, -1, "goes on");
        Frozen = false;
        while (!Frozen && _held.TryDequeue(out var action))
            action();
    }

    /// <summary>Hears from the coordinator where the key groups live.</summary>
    internal void LearnHomes()
    {
        for (var group = 0; group < Groups; group++)
        {
            Homes[group] = World.Sharding.Owners[group];
            if (Homes[group] != Number)
                Shells[group]?.Stop("has moved away");
        }
    }

    internal string Describe() => $"node {Number} alive {Alive}, frozen {Frozen}, downed {Downed}: {Router?.Describe() ?? "no router"}";

    internal void StartKeyGroup(int group)
    {
        if (Shells[group] is not { IsStopped: false })
            Shells[group] = new SimulatedKeyGroup(this, group);
    }

    void Obey(AkkaJoin.Shards.Flow.FlowOrder order)
    {
        Router?.Obey(order);
        foreach (var shell in Shells)
            shell?.Receive(OrderIsNew.Instance, this);
    }

    void Do(int incarnation, Action action)
    {
        if (!IsAlive(incarnation))
            return;
        if (Frozen)
            _held.Enqueue(() => Do(incarnation, action));
        else
            action();
    }

    // As the engine does, which asks for the ends first.
    void OpenTail()
    {
        var topics = new OutputTopics("rows", "late", "join", EventTimestamp: true);
        var source = new SourceSettings { Topic = "left" };
        var join = new JoinSettings
        {
            Name = "join",
            Type = World.Scenario.Definition.Type,
            BeforeMs = 0,
            AfterMs = 0,
            Left = source,
            Right = source,
            GroupId = "group",
            Output = new OutputSettings { Topic = "rows", LateTopic = "late", DeadLetterTopic = "dead" },
            Flow = new FlowSettings { TailWaitMs = BrokerModel.SettleMs },
        };
        Deliveries = new Deliveries(topics);
        foreach (var partition in World.Broker.Outputs.Partitions)
            Deliveries.Reached(partition.Topic, partition.Partition.Value, World.Broker.Outputs.Ids(partition).Count);
        Tail = new TailReader(
            new KafkaSettings { BootstrapServers = "none" },
            join,
            topics,
            Deliveries,
            NoLogger.Instance,
            () => new TailLog(World.Broker.Outputs),
            Time(),
            work =>
            {
                work();
                return Task.CompletedTask;
            });
    }

    // As the engine does: what should live here and does not is started.
    void KeepAlive()
    {
        for (var group = 0; group < Groups; group++)
        {
            if (Homes[group] == Number)
                StartKeyGroup(group);
        }

        After(KeepAliveMs, KeepAlive);
    }
}
