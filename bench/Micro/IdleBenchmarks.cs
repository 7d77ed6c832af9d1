using AkkaJoin.Bench.Load;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>
/// What silence costs: a second of a join with 32 partitions, of which nothing comes, and 128 key groups, each with
/// records that wait. Once a second each partition is claimed to be idle, and each key group looks if a row is due. 20
/// ms are 2 % of a core. Messages, and the question to the broker, are not in it.
/// </summary>
public class IdleBenchmarks
{
    const int Groups = 128, PartitionsEach = 16, RecordsEach = 10;
    const int TickMs = 200, TicksASecond = 5;

    // Far above all that the clock reaches: nothing becomes due.
    const long RecordsMs = MicroData.StartMs + (365 * 86_400_000L);

    readonly KeyGroup[] _groups = new KeyGroup[Groups];
    readonly IdleEffects _effects = new();
    Router _router = null!;
    long _nowMs = MicroData.StartMs;

    /// <summary>What the join does at silent partitions.</summary>
    [Params(nameof(IdlePolicy.Wait), nameof(IdlePolicy.WallClock))]
    public string Policy { get; set; } = "";

    /// <summary>Has each key group know all partitions, and the router read them to their ends.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var definition = MicroData.Definition with { Type = JoinType.Full, Idle = Enum.Parse<IdlePolicy>(Policy), IdleTimeoutMs = 60_000 };
        var pool = new HeapSlabPool();
        for (var number = 0; number < Groups; number++)
        {
            _groups[number] = MicroData.Group(definition, pool, number);
            foreach (var side in new[] { Side.Left, Side.Right })
            {
                var load = new LoadGenerator(10 * RecordsEach, 1, RecordsMs).Records().Where(r => r.IsImpression == (side == Side.Left));
                MicroData.Accept(_groups[number], new MicroBatches(side).Next(load.Take(RecordsEach)));
            }

            _groups[number].Offer(new DeliverTicks(number, [.. Partitions().Select(Known)], Flush: true), this);
            MicroData.ApplyNext(_groups[number]);
        }

        var settings = new RouterSettings(Groups, definition.MaxOutOfOrdernessMs, new FlowSettings())
        {
            Idle = definition.Idle,
            IdleTimeoutMs = definition.IdleTimeoutMs,
        };
        var (left, right) = (new RouteSide(Side.Left, 0, MicroData.Decoder(true)), new RouteSide(Side.Right, 0, MicroData.Decoder(false)));
        _router = new Router(settings, topic => topic == MicroData.Join.Left.Topic ? [left] : [right], _effects);
        _router.Assigned([.. Partitions().Select(Start)], _nowMs);
        for (var number = 0; number < Groups; number++)
            _router.Acknowledged(new KeyGroupAck(number, [.. Partitions().Select(p => new AppliedPartition(p, RecordsEach))]), _nowMs);
        for (var second = 0; second < 120; second++)
            Second();
        if (definition.Idle == IdlePolicy.WallClock && _effects.Claims < 32)
            throw new InvalidOperationException("nothing is claimed: there is nothing to measure");
    }

    /// <summary>A second in which nothing comes.</summary>
    [Benchmark]
    public void Second()
    {
        for (var tick = 0; tick < TicksASecond; tick++)
        {
            _nowMs += TickMs;
            _effects.ClockMs = _nowMs;
            _router.TimePassed(_nowMs);
            if (_effects.TakeQuestion() is var (partitions, clockMs))
            {
                var ends = partitions.ToDictionary(p => (p.Topic, p.Partition), _ => (long)RecordsEach);
                _router.LogEndsAnswered(partitions, ends, clockMs, _nowMs);
            }

            foreach (var ticks in _effects.TakeTicks())
                Deliver(ticks);
        }
    }

    void Deliver(NodeTicks ticks)
    {
        foreach (var group in _groups)
        {
            group.Offer(ticks.For(group.Number), this);
            if (group.NextEvent() is { } bytes)
                MicroData.Apply(group, bytes);
            group.Replies.Clear();
        }
    }

    static IEnumerable<PartitionId> Partitions() => new[] { Side.Left, Side.Right }
        .SelectMany(side => Enumerable.Range(0, PartitionsEach).Select(number => new PartitionId(side, 0, number)));

    static Tick Known(PartitionId partition) =>
        new(partition, PartitionsEach, 0, RecordsEach, MicroData.StartMs, 1, TickKind.RecordsWithClock, MicroData.StartMs);

    static PartitionStart Start(PartitionId partition) => new(
        partition.Side == Side.Left ? MicroData.Join.Left.Topic : MicroData.Join.Right.Topic,
        partition.Partition,
        1,
        RecordsEach,
        true,
        0,
        RecordsEach,
        PartitionsEach);
}
