using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// A peer that is damaged or in foreign hands: it says to key groups, and now and then to a router, what cannot be. Each of its lies would lose records or stop time for good if it got into the
/// journal. It has a random source of its own, so that a world is otherwise the one that it would be without.
/// </summary>
sealed class Liar(SimulatedWorld world, int seed)
{
    /// <summary>The number of the events that it makes up.</summary>
    internal const long EventNumber = 1L << 40;

    const int LiesEachMs = 150;
    readonly Random _random = new(seed);

    internal void Begin() => world.Schedule.After(LiesEachMs, Lie);

    void Lie()
    {
        if (!world.Faulty)
            return;
        var group = _random.Next(world.Groups.Length);
        var node = world.Nodes[world.Sharding.Owners[group]];
        if (_random.Next(9) == 0)
            LieToRouter(node, group);
        else
            LieToKeyGroup(node, group);
        world.Schedule.After(LiesEachMs, Lie);
    }

    void LieToKeyGroup(Node node, int group)
    {
        var lie = Lies(group);
        if (node.Alive)
            node.After(0, () => node.Shells[group]?.Receive(lie, this));
    }

    // Acknowledges nothing, by an event that there is not.
    void LieToRouter(Node node, int group)
    {
        var lie = new KeyGroupAck(group, []) { Event = new EventId(new Incarnation(_random.NextInt64()), EventNumber) };
        if (node.Alive)
            node.After(0, () => node.Router?.Receive(lie, "liar"));
    }

    IKeyGroupMessage Lies(int group)
    {
        var partition = new PartitionId((Side)_random.Next(2), 0, 0);
        var count = world.Scenario.Counts[(int)partition.Side];
        var tick = new Tick(partition, count, 0, 0, SideWatermarks.None, 1);
        return _random.Next(8) switch
        {
            0 => Ticks(tick with { Partition = partition with { Source = 1 } }),
            1 => Ticks(tick with { PartitionCount = 1 << 20 }),
            2 => Ticks(tick with { Partition = partition with { Partition = count } }),
            3 => Ticks(tick with { To = long.MaxValue }),
            4 => Ticks(tick with { From = 2_000, To = 1_000 }),
            5 => Ticks(tick with { Watermark = long.MaxValue / 4 }),
            6 => new Deliver(group, Batch(partition with { Source = 1 }, count)),
            _ => new Deliver(group, Batch(partition, count)[..^1]),
        };

        DeliverTicks Ticks(Tick lie) => new(group, [lie], Flush: true);
    }

    static byte[] Batch(PartitionId partition, int count)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(0);
        return writer.End(partition.Side, partition.Source, partition.Partition, count, 0, BatchHeader.NoWatermark, 1).ToArray();
    }
}
