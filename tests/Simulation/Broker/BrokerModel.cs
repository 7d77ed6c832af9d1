using AkkaJoin.Shards.Batches;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.Nodes;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Broker;

/// <summary>
/// Kafka: source logs that grow, committed offsets, the output log. While it is away what is produced waits; what was written around a
/// restart may lack its acknowledgement, and is written again.
/// </summary>
sealed class BrokerModel(SimulatedWorld world)
{
    readonly Dictionary<PartitionId, List<long>> _committed =
        world.Scenario.SourcePartitions.ToDictionary(p => p, p => world.Scenario.HasOffsets && !world.Scenario.IsAdded(p) ? new List<long> { world.Scenario.Streams.Starts[p] } : []);

    readonly Dictionary<PartitionId, long> _firstRead = [];
    readonly Dictionary<PartitionId, long> _starts = new(world.Scenario.Streams.Starts);

    /// <summary>When nothing of a process that died can follow any more.</summary>
    internal const int SettleMs = 1_200;
    const int AppendMs = 100;

    readonly HashSet<(PartitionId Partition, long Offset)> _deadLetters = [];
    long _awayUntil;

    internal OutputLog Outputs { get; } = new();

    internal static string Topic(PartitionId partition) => partition.Side == Side.Left ? "left" : "right";

    internal static PartitionId Id(string topic, int partition) => new(topic == "left" ? Side.Left : Side.Right, 0, partition);

    /// <summary>The first offset that the log still holds.</summary>
    internal long Start(PartitionId partition) => _starts[partition];

    /// <summary>The first offset that the log ever held.</summary>
    internal long Base(PartitionId partition) => world.Scenario.Streams.Starts[partition];

    /// <summary>How many partitions a side's topic has now.</summary>
    internal int Count(Side side) => IsThere(world.Scenario.Partitions.Last(p => p.Side == side)) ? world.Scenario.Counts[(int)side] : world.Scenario.CountsAtBeginning[(int)side];

    /// <summary>Whether a partition has come already.</summary>
    internal bool IsThere(PartitionId partition) => !world.Scenario.IsAdded(partition) || world.Schedule.Now >= world.Scenario.AddedAtMs;

    /// <summary>Deletes records below an offset.</summary>
    internal void Delete(PartitionId partition, long below)
    {
        _starts[partition] = Math.Max(Start(partition), Math.Min(below, End(partition)));
        world.History.Note(-1, -1, "the log of {0} begins at {1} now", ConsumerGroup.Number(partition), Start(partition));
    }

    /// <summary>No committed offset that a consumer may still be told of lies below it.</summary>
    internal long LeastCommitted(PartitionId partition) => !HasCommitted(partition)
        ? Start(partition)
        : _committed[partition].TakeLast(world.Scenario.KeepsOldOffsets ? 7 : 1).Min();

    /// <summary>The offset after the last record that has arrived.</summary>
    internal long End(PartitionId partition)
    {
        if (!IsThere(partition))
            return Base(partition);
        var log = world.Scenario.Streams.Logs[partition];
        var count = log.Count;
        while (count > 0 && log[count - 1].ArrivesAt > world.Schedule.Now)
            count--;
        return Base(partition) + count;
    }

    internal LogEntry Read(PartitionId partition, long offset) => world.Scenario.Streams.Logs[partition][(int)(offset - Base(partition))];

    /// <summary>The committed offset; where offsets may be stale, one that was committed before. Negative where there is none.</summary>
    internal long Committed(PartitionId partition)
    {
        var all = _committed[partition];
        return all.Count == 0 ? -1 : all[Math.Max(0, all.Count - 1 - (world.Fails(Fault.StaleOffsets, 300) ? world.Random.Next(1, 6) : 0))];
    }

    internal bool HasCommitted(PartitionId partition) => _committed[partition].Count > 0;

    /// <summary>Whether everything is committed that has arrived.</summary>
    internal bool IsCommitted(PartitionId partition) => HasCommitted(partition) && _committed[partition][^1] == End(partition);

    /// <summary>A consumer reads from here on.</summary>
    internal void BeginsToRead(PartitionId partition, long offset) =>
        _firstRead[partition] = Math.Min(offset, _firstRead.GetValueOrDefault(partition, long.MaxValue));

    /// <summary>Where the join begins with a partition: no record from there on may be missing.</summary>
    internal long FirstRead(PartitionId partition)
    {
        var source = world.Scenario.SourceOf(partition);
        return world.Scenario.IsAdded(source) ? Base(source) : Math.Min(
            _firstRead.GetValueOrDefault(source, long.MaxValue), HasCommitted(source) ? _committed[source][0] : Base(source));
    }

    /// <summary>The first commit says where reading will begin; it may come twice.</summary>
    internal void Commit(PartitionId partition, long offset)
    {
        var (topic, number) = (Topic(partition), partition.Partition);
        if (world.Catalog.Origin(topic, number) is { } origin ? origin > offset : !world.Catalog.HasForgottenOrigin(topic, number))
            throw new InvalidOperationException($"{partition} is committed at {offset}, but the catalogue does not say where it began");
        var isStart = _committed[partition].Count == 0 || offset == _committed[partition][0];
        foreach (var group in isStart ? [] : world.Groups)
        {
            foreach (var side in world.Scenario.SidesOf(partition))
                group.CheckCommit(side, offset);
        }

        _committed[partition].Add(offset);
    }

    internal void GoAway(int ms) => _awayUntil = Math.Max(_awayUntil, world.Schedule.Now + ms);

    internal void ComeBack() => _awayUntil = 0;

    /// <summary>Writes something for a node, and tells it when it is acknowledged.</summary>
    internal void Produce(Node node, Action write, Action acknowledged)
    {
        var incarnation = node.Incarnation;
        world.Schedule.After(ProduceDelay(), () => Arrive(node, incarnation, write, acknowledged));
    }

    internal void WriteDeadLetter(PartitionId partition, long offset) => _deadLetters.Add((partition, offset));

    internal bool HasDeadLetter(PartitionId partition, long offset) => _deadLetters.Contains((partition, offset));

    // Now and then the leader of one partition is away, and later events are acknowledged long before this one.
    long ProduceDelay() =>
        world.Fails(Fault.SlowPartition, 150) ? world.Random.Next(100, 2_500) : world.Random.Next(1, world.Random.Next(4) == 0 ? 60 : 8);

    void Arrive(Node node, int incarnation, Action write, Action acknowledged)
    {
        if (!node.IsAlive(incarnation))
        {
            // It was still in the producer's queue, or the broker has it and appends it within the settling time.
            if (world.Random.Next(4) > 0)
            {
                world.Schedule.After(world.Random.Next(0, SettleMs - AppendMs), () =>
                {
                    world.History.Note(node.Number, -1, "what a dead producer sent is appended");
                    write();
                });
            }

            return;
        }

        var away = _awayUntil - world.Schedule.Now;
        if (away > 0)
        {
            // Just before it went, it may have written without a word.
            if (world.Random.Next(3) == 0)
                write();
            node.AfterAs(incarnation, away + world.Random.Next(1, 30), () => Arrive(node, incarnation, write, acknowledged));
            return;
        }

        write();
        node.AfterAs(incarnation, world.Random.Next(1, 8), acknowledged);
    }
}
