using AkkaJoin.Bench.Load;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>
/// What the steps of a wake cost: a key group holds the lefts of two minutes, and all become due at once. Awake, one
/// event lets them out. After a rest, each event lets out as many as <see cref="KeyGroupLimits.WakeRowsMax"/>.
/// </summary>
public class WakeBenchmarks
{
    const int Records = 500_000, RecordsEach = 1_000;
    const long FarMs = MicroData.StartMs + 86_400_000;
    static readonly JoinDefinition Definition = MicroData.Definition with { Type = JoinType.Left };
    static readonly List<byte[]> Batches = Lefts();
    KeyGroup _group = null!;

    /// <summary>Whether the join has rested.</summary>
    [Params(false, true)]
    public bool HasRested { get; set; }

    /// <summary>Fills the group. Where it rests, both sides move on meanwhile.</summary>
    [IterationSetup]
    public void Setup()
    {
        _group = MicroData.Group(Definition, new HeapSlabPool());
        if (HasRested)
        {
            _group.Order = new TimeOrder(1, IsAtRest: true, 0);
            MicroData.ApplyNext(_group);
        }

        foreach (var batch in Batches)
            MicroData.Accept(_group, batch);
        _group.Offer(new DeliverTicks(0, [MovedOn(Side.Left, Records), MovedOn(Side.Right, 0)], Flush: true), this);
        if (HasRested)
        {
            MicroData.ApplyNext(_group);
            _group.Order = new TimeOrder(2, IsAtRest: false, 0);
        }
    }

    /// <summary>Lets all of them out.</summary>
    /// <returns>In how many events.</returns>
    [Benchmark]
    public int LetOut()
    {
        var events = 0;
        for (; _group.NextEvent() is { } bytes; events++)
            MicroData.Apply(_group, bytes);
        return _group.State!.Count == 0 && events >= (HasRested ? Records / new KeyGroupLimits().WakeRowsMax : 1)
            ? events
            : throw new InvalidOperationException($"{events} events, and {_group.State.Count} records are held");
    }

    static Tick MovedOn(Side side, int offset) =>
        new(new PartitionId(side, 0, 0), 1, offset, offset, FarMs, 1, TickKind.RecordsWithClock, MicroData.StartMs);

    static List<byte[]> Lefts()
    {
        var batches = new MicroBatches(Side.Left);
        var load = new LoadGenerator(4 * Records, 1, MicroData.StartMs).Records().Where(record => record.IsImpression).Take(Records);
        return [.. load.Chunk(RecordsEach).Select(batches.Next)];
    }
}
