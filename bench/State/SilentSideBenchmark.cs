using System.Text;
using AkkaJoin.Bench.Micro;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.State;

/// <summary>
/// A window of 1 s, one left each 100 ms, and rights that say nothing for four hours and for eight: then one event closes the windows of all that wait, each record in a time bucket
/// of its own. The least of some rounds counts: a round is so short that a collection of garbage shows in it.
/// </summary>
static class SilentSideBenchmark
{
    internal const int Buckets = 144_000;
    const int BucketMs = 100, WindowMs = 1_000, RecordsEach = 500, Rounds = 5;

    internal static SilentSideResult Run()
    {
        var once = new List<double>();
        var twice = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            once.Add(Close(Buckets));
            twice.Add(Close(2 * Buckets));
        }

        return new SilentSideResult(once.Min(), twice.Min());
    }

    static double Close(int records)
    {
        var group = MicroData.Group(MicroData.Definition with { BeforeMs = 0, AfterMs = WindowMs }, new HeapSlabPool());
        var writer = new RecordBatchWriter();
        for (var n = 0L; n < records;)
        {
            writer.Begin(n);
            for (var i = 0; i < RecordsEach; i++, n++)
                Add(writer, n);
            group.Offer(new Deliver(0, writer.End(Side.Left, 0, 0, 1, n, MicroData.StartMs + (n * BucketMs), 0).ToArray()), group);
            MicroData.ApplyNext(group);
        }

        var far = MicroData.StartMs + (records * (long)BucketMs) + (2 * WindowMs);
        group.Offer(new DeliverTicks(0, [Tick(Side.Left, records, far), Tick(Side.Right, 0, far)], Flush: true), group);
        var elapsed = MicroData.ApplyNext(group);
        if (group.State!.Count > 0)
            throw new InvalidOperationException($"{group.State.Count} records are held still");
        group.ReturnMemory();
        return elapsed.TotalMilliseconds;
    }

    static Tick Tick(Side side, long through, long watermark) => new(new PartitionId(side, 0, 0), 1, 0, through, watermark, 0);

    static void Add(RecordBatchWriter writer, long n)
    {
        var key = Encoding.UTF8.GetBytes($"k{n:D8}");
        writer.Add(MicroData.Record(n, MicroData.StartMs + (n * BucketMs), key, key, key));
    }
}
