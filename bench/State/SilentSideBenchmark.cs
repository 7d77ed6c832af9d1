using System.Diagnostics;
using System.Text;
using AkkaJoin.Bench.Micro;
using AkkaJoin.Bench.Parts;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.State;

/// <summary>
/// A window of 1 s, one left each 100 ms, and rights that say nothing for four hours and for eight: then one event closes all that rests, each record in a time bucket
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
        var group = new KeyGroup(
            0, MicroData.Definition with { BeforeMs = 0, AfterMs = WindowMs }, static () => default, _ => new NoRows(), new KeyGroupLimits(PendingBytesMax: int.MaxValue), new HeapSlabPool());
        group.Recovered();
        var writer = new RecordBatchWriter();
        for (var n = 0L; n < records;)
        {
            writer.Begin(n);
            for (var i = 0; i < RecordsEach; i++, n++)
                Add(writer, n);
            group.Offer(new Deliver(0, writer.End(Side.Left, 0, 0, 1, n, MicroData.StartMs + (n * BucketMs), 0).ToArray()), group);
            Apply();
        }

        var far = MicroData.StartMs + (records * (long)BucketMs) + (2 * WindowMs);
        group.Offer(new DeliverTicks(0, [Tick(Side.Left, records, far), Tick(Side.Right, 0, far)], Flush: true), group);
        var elapsed = Apply();
        if (group.Join!.Count > 0)
            throw new InvalidOperationException($"{group.Join.Count} records are held still");
        group.Release();
        return elapsed.TotalMilliseconds;

        TimeSpan Apply()
        {
            var bytes = group.NextEvent()!;
            var begin = Stopwatch.GetTimestamp();
            group.Apply(group.Sequence + 1, bytes);
            var elapsed = Stopwatch.GetElapsedTime(begin);
            group.Confirm(group.IncarnationText, group.Sequence);
            group.Replies.Clear();
            return elapsed;
        }
    }

    static Tick Tick(Side side, long through, long watermark) => new(new PartitionId(side, 0, 0), 1, 0, through, watermark, 0);

    static void Add(RecordBatchWriter writer, long n)
    {
        var key = Encoding.UTF8.GetBytes($"k{n:D8}");
        var time = MicroData.StartMs + (n * BucketMs);
        writer.Add(new NewRecord
        {
            Offset = n,
            Time = time,
            Timestamp = time,
            KeyHash = KeyHash.Of(key),
            Key = key,
            RecordKey = key,
            Id = key,
            HasId = true,
            Value = key,
        });
    }
}
