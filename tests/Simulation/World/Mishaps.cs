using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.Nodes;

namespace AkkaJoin.Simulation.World;

/// <summary>What goes wrong of itself, at random times. What goes wrong with a request is with the one who answers it.</summary>
sealed class Mishaps(SimulatedWorld world)
{
    static readonly Fault[] OfThemselves =
    [
        Fault.KeyGroupCrash, Fault.NodeCrash, Fault.Freeze, Fault.Isolate, Fault.Move, Fault.Double, Fault.Rebalance, Fault.SessionLost,
        Fault.BrokerRestart, Fault.Rollback,
    ];

    // The first consumers write where the join begins within that time.
    const int BeginningMs = 25;
    const int FarMs = 1_000;

    readonly Fault[] _faults = [.. OfThemselves.Where(world.Scenario.Faults.Contains)];

    /// <summary>How many there were.</summary>
    internal int Count { get; private set; }

    internal void Begin()
    {
        if (_faults.Length > 0)
            world.Schedule.After(world.Random.Next(1, 2 * world.Scenario.FaultEveryMs), Next);
    }

    /// <summary>Rolls back to about when the first partitions came.</summary>
    internal void RollBackFar() => world.Schedule.After(world.Random.Next(0, BeginningMs), () =>
    {
        if (world.IsUpgraded)
            world.Journal.RollBackAfter(world.Random.Next(BeginningMs, FarMs));
    });

    /// <summary>Ends what lasts.</summary>
    internal void Heal()
    {
        world.Broker.ComeBack();
        foreach (var node in world.Nodes)
        {
            node.Wake();
            Rejoin(node);
        }
    }

    void Next()
    {
        if (!world.Faulty)
            return;
        Count++;
        Happen(_faults[world.Random.Next(_faults.Length)]);
        Begin();
    }

    void Happen(Fault fault)
    {
        var node = world.Nodes[world.Random.Next(world.Nodes.Length)];
        var group = world.Random.Next(world.Groups.Length);
        switch (fault)
        {
            case Fault.KeyGroupCrash:
                world.Shell(group)?.Stop("dies");
                break;
            case Fault.NodeCrash when world.Random.Next(3) == 0:
                world.CrashNode(node);
                break;
            case Fault.Freeze when node is { Alive: true, Frozen: false }:
                Freeze(node);
                break;
            case Fault.Isolate when node is { Alive: true, Isolated: false }:
                Isolate(node);
                break;
            case Fault.Move:
                world.Sharding.Move(group, node.Number);
                break;
            case Fault.Double when node is { Alive: true, Frozen: false } && world.Sharding.Owners[group] != node.Number:
                world.Sharding.Double(group, node);
                break;
            case Fault.Rebalance:
                world.Consumers.Rebalance();
                break;
            case Fault.SessionLost when world.Consumers.RandomMember() is { } member:
                world.Consumers.Expel(member);
                break;
            case Fault.Rollback when world.IsUpgraded && (world.Scenario.RollsBackFar || Array.TrueForAll(world.Groups, g => g.KnowsAll)):
                world.Journal.RollBackAfter(world.Random.Next(3) == 0 ? world.Random.Next(1, 1_500) : world.Random.Next(1, 150));
                break;
            case Fault.BrokerRestart:
                world.History.Note(-1, -1, "the broker is away");
                world.Broker.GoAway(world.Random.Next(10, world.Scenario.DoublesNothing ? 2_500 : 500));
                break;
        }
    }

    // Short or so long that the others go on without it.
    void Freeze(Node node)
    {
        var member = node.Router!.Member!;
        var incarnation = node.Incarnation;
        node.Freeze();
        world.Sharding.Suspect(node);
        world.Schedule.After(world.Random.Next(300, 900), () =>
        {
            if (node.IsAlive(incarnation) && node.Frozen)
                world.Consumers.Expel(member);
        });
        world.Schedule.After(world.Random.Next(2) == 0 ? world.Random.Next(10, 300) : world.Random.Next(500, 2_000), () =>
        {
            if (node.IsAlive(incarnation))
                node.Wake();
        });
    }

    void Isolate(Node node)
    {
        var incarnation = node.Incarnation;
        world.History.Note(node.Number, -1, "sees no other node");
        node.Isolated = true;
        world.Sharding.Suspect(node);
        world.Schedule.After(world.Random.Next(50, 1_500), () =>
        {
            if (node.IsAlive(incarnation))
                Rejoin(node);
        });
    }

    void Rejoin(Node node)
    {
        if (!node.Isolated)
            return;
        world.History.Note(node.Number, -1, "sees the others again");
        node.Isolated = false;
        if (!node.Downed)
            node.After(world.Random.Next(1, 100), node.LearnHomes);
    }
}
