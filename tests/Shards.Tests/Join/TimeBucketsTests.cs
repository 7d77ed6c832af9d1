using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class TimeBucketsTests
{
    [Fact]
    public void Buckets_hold_what_a_sorted_dictionary_of_lists_holds() => Seeds.Check(300, (random, _) =>
    {
        var width = random.Next(1, 20);
        var buckets = new TimeBuckets(width);
        var entries = new EntryTable();
        var model = new SortedDictionary<long, List<(int Entry, long Time)>>();
        for (var i = random.Next(1, 200); i > 0; i--)
        {
            if (random.Next(6) == 0 && model.Count > 0)
            {
                buckets.RemoveFirst(entries);
                model.Remove(model.First().Key);
            }
            else
            {
                var time = random.Next(-400, 400);
                var entry = buckets.Allocate(entries, time);
                var number = (long)Math.Floor((double)time / width);
                if (!model.TryGetValue(number, out var list))
                    model[number] = list = [];
                list.Add((entry, time));
            }

            AssertSame(model, buckets, entries, width);
            Assert.Equal(model.Values.Sum(list => list.Count), entries.Count);
        }
    });

    static void AssertSame(SortedDictionary<long, List<(int Entry, long Time)>> model, TimeBuckets buckets, EntryTable entries, int width)
    {
        Assert.Equal(model.Count, buckets.Count);
        var index = 0;
        foreach (var (number, list) in model)
        {
            ref var bucket = ref buckets[index];
            Assert.Equal(number, bucket.Number);
            Assert.Equal((number + 1) * width, buckets.EndOf(index++));
            Assert.Equal(list.Min(e => e.Time), bucket.MinTime);
            Assert.Equal(list.Max(e => e.Time), bucket.MaxTime);
            var held = new List<int>();
            for (var entry = bucket.Last; entry != EntryTable.None; entry = entries.Previous(entry))
                held.Add(entry);
            Assert.Equal(list.Select(e => e.Entry).Order(), held.Order());
        }
    }
}
