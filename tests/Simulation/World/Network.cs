using Akka.Actor;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;
using AkkaJoin.Simulation.Nodes;

namespace AkkaJoin.Simulation.World;

/// <summary>
/// Messages between routers and key groups, each through the real serializer. On one node they come soon and in order; between nodes
/// they may be lost, doubled, delayed and reordered.
/// </summary>
sealed class Network(SimulatedWorld world)
{
    readonly ShardsSerializer _serializer = new((ExtendedActorSystem)null!);

    /// <summary>Sends to a key group where the node believes it to live.</summary>
    internal void Send(Node from, IKeyGroupMessage message, object sender)
    {
        var to = world.Nodes[from.Homes[message.Group]];
        Carry(from, to, message, m => to.Shells[message.Group]?.Receive(m, sender));
    }

    /// <summary>Sends ticks to the relay of each node, which gives them to the key groups that run there.</summary>
    internal void SendToAll(Node from, NodeTicks ticks, object sender)
    {
        foreach (var to in world.Nodes)
            Carry(from, to, ticks, m => Relay(to, (NodeTicks)m, sender));
    }

    /// <summary>Tells each other node's router of a node's time, by way of its relay.</summary>
    internal void TellOthers(Node from, NodeWatermark watermark)
    {
        foreach (var to in world.Nodes.Where(n => n != from))
            Carry(from, to, watermark, m => to.Router?.Receive(m, from.Name));
    }

    /// <summary>Answers a router, or the one who closes time.</summary>
    internal void Answer(Node from, object to, object message)
    {
        if (to is not RouterAddress address)
        {
            world.Closed(message);
            return;
        }

        if (address.Node.IsAlive(address.Incarnation))
            Carry(from, address.Node, message, m => address.Node.Router!.Receive(m, from.Name));
    }

    static void Relay(Node to, NodeTicks ticks, object sender)
    {
        for (var group = 0; group < to.Groups; group++)
        {
            if (to.Shells[group] is { IsRunning: true } shell)
                shell.Receive(ticks.For(group), sender);
        }
    }

    void Carry(Node from, Node to, object message, Action<object> deliver)
    {
        var manifest = _serializer.Manifest(message);
        var bytes = _serializer.ToBinary(message);
        void Deliver() => deliver(_serializer.FromBinary(bytes, manifest));
        if (from == to)
        {
            to.After(1, Deliver);
            return;
        }

        if (from.Isolated || to.Isolated || !to.Alive || Happens())
            return;
        to.After(Delay(), Deliver);
        if (Happens())
            to.After(Delay() + world.Random.Next(0, 2_000), Deliver);
    }

    bool Happens() => world.Faulty && world.Random.Next(1_000) < world.Scenario.LostPerMille;

    long Delay() => Happens() ? world.Random.Next(50, 1_000) : world.Random.Next(1, 8);
}
