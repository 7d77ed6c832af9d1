using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// What a node knows of what is asked of the join, as FlowOrders knows it in life: from the catalogue, again and again,
/// and an older number never takes the place of a newer one.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="heard">Told of each change.</param>
sealed class NodeOrders(Node node, Action<FlowOrder> heard)
{
    const int EveryMs = 60;

    FlowOrder _known = FlowOrder.None;

    /// <summary>What is asked of the join's time.</summary>
    internal TimeOrder Time => World.People.TimeOf(_known);

    World.SimulatedWorld World => node.World;

    /// <summary>Reads it before the node reads anything else, and again and again.</summary>
    internal void Start()
    {
        if (!World.Scenario.Rests)
            return;
        Learn(Ask());
        Poll();
    }

    /// <summary>Reads it now.</summary>
    internal void Read(Action done)
    {
        if (World.Scenario.Rests)
            World.Journal.Request(node, Ask, order => Answered(order, done));
        else
            node.After(0, done);
    }

    void Answered(FlowOrder order, Action done)
    {
        Learn(order);
        done();
    }

    void Poll() => node.After(EveryMs, () => Read(Poll));

    FlowOrder Ask()
    {
        var order = World.People.Store.Read();
        return order.Number < _known.Number ? World.People.Store.Outrank(_known.Number, World.DatabaseClockMs) : order;
    }

    void Learn(FlowOrder order)
    {
        if (order.Number < _known.Number || order == _known)
            return;
        _known = order;
        heard(order);
    }
}
