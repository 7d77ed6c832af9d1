using System.Text;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Micro;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.State;

/// <summary>
/// One key with 100,000 buffered lefts, one a millisecond, beside 100,000 lefts with a key each; then rights of the one and of the others, each with the one left
/// of its key that lies in the window.
/// </summary>
static class HotKeyBenchmark
{
    internal const int Lefts = 100_000;
    const int RightsEach = 500, Rounds = 100;

    internal static HotKeyResult Run()
    {
        var group = MicroData.Group(MicroData.Definition with { BeforeMs = 0, AfterMs = 0 }, new HeapSlabPool());
        var writer = new RecordBatchWriter();
        var offsets = new long[2];
        for (var n = 0; n < Lefts; n += RightsEach)
        {
            Event(Side.Left, Enumerable.Range(n, RightsEach), hot: true);
            Event(Side.Left, Enumerable.Range(n, RightsEach), hot: false);
        }

        var random = new Random(1);
        var hot = new List<double>();
        var cold = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            hot.Add(Event(Side.Right, random.GetItems(All, RightsEach), hot: true));
            cold.Add(Event(Side.Right, random.GetItems(All, RightsEach), hot: false));
        }

        return new HotKeyResult(Spread.Of(hot).Median, Spread.Of(cold).Median);

        double Event(Side side, IEnumerable<int> numbers, bool hot)
        {
            ref var offset = ref offsets[(int)side];
            writer.Begin(offset);
            foreach (var n in numbers)
            {
                var key = Encoding.UTF8.GetBytes(hot ? "hot" : $"k{n:D8}");
                var id = Encoding.UTF8.GetBytes($"{(hot ? 'h' : 'c')}{offset:D8}");
                writer.Add(MicroData.Record(offset++, MicroData.StartMs + n, key, id, Value));
            }

            group.Offer(new Deliver(0, writer.End(side, 0, 0, 1, offset, BatchHeader.NoWatermark, 0).ToArray()), group);
            return MicroData.ApplyNext(group).TotalNanoseconds / RightsEach;
        }
    }

    static int[] All { get; } = [.. Enumerable.Range(0, Lefts)];

    static byte[] Value { get; } = Encoding.UTF8.GetBytes(new string('x', 105));
}
