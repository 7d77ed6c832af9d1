using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// The shard coordinator and the downing of nodes. A node that does not answer for a while is downed, dead or not: its key groups start
/// elsewhere. A node that was downed and lives learns of it late, and exits.
/// </summary>
sealed class Sharding(SimulatedWorld world)
{
    /// <summary>The node of each key group.</summary>
    internal int[] Owners { get; } = [.. Enumerable.Range(0, world.Scenario.Definition.KeyGroups).Select(_ => world.Random.Next(world.Scenario.Nodes))];

    /// <summary>Watches a node that became silent.</summary>
    internal void Suspect(Node node)
    {
        var incarnation = node.Incarnation;
        world.Schedule.After(world.Random.Next(300, 900), () =>
        {
            if (node.Incarnation == incarnation && (!node.Alive || node.Frozen || node.Isolated))
                Down(node);
        });
    }

    /// <summary>Hands a key group over in order: it stops, then it starts at its new place.</summary>
    internal void Move(int group, int to)
    {
        var from = world.Nodes[Owners[group]];
        if (!from.Alive || from.Downed || from.Number == to)
            return;
        world.History.Note(from.Number, group, "is handed over to node {0}", to);
        from.After(world.Random.Next(1, 10), () =>
        {
            from.Homes[group] = to;
            from.Shells[group]?.StopInOrder();
            GiveWhenStopped(group, from, to);
        });
    }

    void GiveWhenStopped(int group, Node from, int to)
    {
        if (from.Shells[group] is { IsStopped: false })
            from.After(10, () => GiveWhenStopped(group, from, to));
        else
            world.Schedule.After(world.Random.Next(1, 20), () => Give(group, to));
    }

    /// <summary>Starts a second incarnation of a key group, and has some messages go to it, for a while.</summary>
    internal void Double(int group, Node node)
    {
        world.History.Note(node.Number, group, "is started a second time");
        node.StartKeyGroup(group);
        var misled = world.Nodes.Where(_ => world.Random.Next(2) == 0).ToList();
        foreach (var one in misled)
            one.Homes[group] = node.Number;
        world.Schedule.After(world.Random.Next(100, 1_500), () =>
        {
            foreach (var one in misled)
                one.Homes[group] = Owners[group];
            if (Owners[group] != node.Number)
                node.After(0, () => node.Shells[group]?.Stop("the second one stops"));
        });
    }

    /// <summary>Tells all nodes where the key groups live, and ends what should not.</summary>
    internal void Settle()
    {
        foreach (var node in world.Nodes)
        {
            for (var group = 0; group < Owners.Length; group++)
            {
                node.Homes[group] = Owners[group];
                if (Owners[group] != node.Number)
                    node.Shells[group]?.Stop("does not live here");
            }
        }
    }

    void Down(Node node)
    {
        world.History.Note(node.Number, -1, "is downed");
        node.Downed = true;
        for (var group = 0; group < Owners.Length; group++)
        {
            if (Owners[group] == node.Number)
                Give(group, Other(node).Number);
        }

        ExitLate(node);
    }

    void ExitLate(Node node)
    {
        var incarnation = node.Incarnation;
        world.Schedule.After(world.Random.Next(100, 1_500), () =>
        {
            if (!node.IsAlive(incarnation))
                return;
            if (node.Frozen)
                ExitLate(node);
            else
                world.CrashNode(node);
        });
    }

    Node Other(Node than)
    {
        var fit = world.Nodes.Where(n => n != than && n.Alive && !n.Downed).ToList();
        return fit.Count > 0 ? fit[world.Random.Next(fit.Count)] : than;
    }

    void Give(int group, int to)
    {
        Owners[group] = to;
        world.History.Note(to, group, "lives here now");
        foreach (var node in world.Nodes)
            node.After(world.Random.Next(0, 60), () => Learn(node, group));
    }

    // What one hears last counts, even if it was said first.
    void Learn(Node node, int group)
    {
        if (node.Isolated)
            return;
        node.Homes[group] = Owners[group];
        if (Owners[group] == node.Number)
            node.StartKeyGroup(group);
        else if (!node.Downed)
            node.Shells[group]?.Stop("has moved away");
    }
}
