using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Partitions;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Partitions;

public sealed class PartitionClocksTests
{
    [Fact]
    public void Watermarks_and_who_holds_them_are_those_of_a_look_at_every_partition() => Seeds.Check(500, (random, _) =>
    {
        var clocks = new PartitionClocks();
        for (var i = random.Next(1, 40); i > 0; i--)
        {
            var ticks = Ticks(random, random.Next(1, 4));
            var then = clocks.WatermarksWith(ticks, [], default, NoCaps);
            foreach (var tick in ticks)
                clocks.HearOf(tick.Partition, tick.PartitionCount);
            foreach (var tick in ticks)
                clocks.Raise(tick.Partition, tick.PartitionCount, tick.To, tick.Watermark);
            clocks.UpdateTimes(default, NoCaps);
            Assert.Equal(Brute(clocks), clocks.Watermarks());
            Assert.Equal((then.Left, then.Right), (clocks.Watermarks().Left, clocks.Watermarks().Right));
            if (random.Next(8) == 0)
            {
                clocks.RaiseSide((Side)random.Next(2), random.Next(60));
                clocks.UpdateTimes(default, NoCaps);
                Assert.Equal(Brute(clocks), clocks.Watermarks());
            }
        }

        var restored = new PartitionClocks();
        foreach (var (topic, count) in clocks.Counts)
            restored.RestoreCount(topic, count);
        foreach (var (partition, clock) in clocks.Known)
            restored.Restore(partition, clock);
        restored.RestoreTimes();
        Assert.Equal(clocks.Watermarks(), restored.Watermarks());
    });

    static (long Left, long Right) NoCaps() => (long.MaxValue, long.MaxValue);

    static List<Tick> Ticks(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var partitions = random.Next(1, 6);
            var partition = new PartitionId((Side)random.Next(2), random.Next(5) == 0 ? 1 : 0, random.Next(partitions));
            return new Tick(partition, partitions, 0, random.Next(9), random.Next(6) == 0 ? SideWatermarks.None : random.Next(50), 1);
        }),
    ];

    static SideWatermarks Brute(PartitionClocks clocks)
    {
        var (left, leftHolder) = Lowest(Side.Left);
        var (right, rightHolder) = Lowest(Side.Right);
        return new SideWatermarks(left, right, leftHolder, rightHolder);

        (long Watermark, PartitionId Holder) Lowest(Side side) => clocks.Counts
            .Where(entry => entry.Key.Side == side)
            .SelectMany(entry => Enumerable.Range(0, entry.Value).Select(number => entry.Key with { Partition = number }))
            .Select(id => (clocks.Known.TryGetValue(id, out var clock) ? clock.Watermark : SideWatermarks.None, id))
            .DefaultIfEmpty((SideWatermarks.None, new PartitionId(side, 0, 0)))
            .MinBy(pair => pair.Item1);
    }
}
