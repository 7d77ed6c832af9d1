using System.Runtime.CompilerServices;
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
        var range = random.Next(4) == 0 ? 20_000 : 400; // with more buckets than a block has
        var buckets = new TimeBuckets(width);
        var entries = new EntryTable();
        var model = new Model(width);
        var steps = random.Next(1, range == 400 ? 200 : 3_000);
        for (var i = 0; i < steps; i++)
        {
            if (random.Next(6) == 0 && model.Lists.Count > 0)
            {
                buckets.RemoveFirst(entries);
                model.Lists.Remove(model.Lists.First().Key);
            }
            else if (random.Next(10) == 0)
            {
                CloseLowest(model, buckets);
            }
            else
            {
                var time = random.Next(-range, range);
                model.Add(buckets.Allocate(entries, time), time);
            }

            if (range == 400 || i == steps - 1)
                AssertSame(model, buckets, entries, random.Next(-range, range));
        }

        while (model.Lists.Count > 0)
        {
            buckets.RemoveFirst(entries);
            model.Lists.Remove(model.Lists.First().Key);
        }

        AssertSame(model, buckets, entries, 0);
    });

    /// <summary>The time that each takes is that of a few memory accesses, however many there are: twice as many take about twice as long.</summary>
    [Theory]
    [InlineData("ascending")]
    [InlineData("descending")]
    [InlineData("shuffled")]
    public void To_fill_and_to_empty_a_hundred_thousand_buckets_takes_a_fraction_of_a_second(string order)
    {
        const int Count = 144_000;
        var times = Enumerable.Range(0, Count).Select(i => (long)i * 100).ToArray();
        if (order == "descending")
            Array.Reverse(times);
        else if (order == "shuffled")
            new Random(1).Shuffle(times);
        var elapsed = Enumerable.Range(0, 3).Min(_ => Run()); // of three, for the machine may be busy
        Assert.InRange(elapsed.TotalMilliseconds, 0, 500);

        TimeSpan Run()
        {
            var begin = ThreadTime.Now();
            var buckets = new TimeBuckets(100);
            var entries = new EntryTable();
            foreach (var time in times)
                buckets.Allocate(entries, time);
            Assert.Equal(Count, buckets.Count);
            while (buckets.Count > 0)
                buckets.RemoveFirst(entries);
            Assert.Equal(0, entries.Count);
            return ThreadTime.Now() - begin;
        }
    }

    static void CloseLowest(Model model, TimeBuckets buckets)
    {
        var open = model.Lists.Keys.Where(number => !model.Closed.Contains(number)).ToList();
        ref var lowest = ref buckets.LowestOpen();
        Assert.Equal(open.Count == 0, Unsafe.IsNullRef(ref lowest));
        if (open.Count == 0)
            return;
        Assert.Equal(open[0], lowest.Number);
        lowest.Closed = true;
        model.Closed.Add(open[0]);
    }

    static void AssertSame(Model model, TimeBuckets buckets, EntryTable entries, int time)
    {
        Assert.Equal(model.Lists.Count, buckets.Count);
        Assert.Equal(model.Lists.Values.Sum(list => list.Count), entries.Count);
        var numbers = new List<long>();
        foreach (ref var bucket in buckets.All())
        {
            var list = model.Lists[bucket.Number];
            numbers.Add(bucket.Number);
            Assert.Equal((bucket.Number + 1) * model.Width, buckets.EndOf(bucket));
            Assert.Equal(list.Min(e => e.Time), bucket.MinTime);
            Assert.Equal(list.Max(e => e.Time), bucket.MaxTime);
            var held = new List<int>();
            for (var entry = bucket.Last; entry != EntryTable.None; entry = entries.Previous(entry))
                held.Add(entry);
            Assert.Equal(list.Select(e => e.Entry).Order(), held.Order());
        }

        Assert.Equal(model.Lists.Keys, numbers);
        Assert.Equal(numbers.Where(number => number >= model.NumberOf(time)), Numbers(buckets.From(time)));
        Assert.Equal(Enumerable.Reverse(numbers), Numbers(buckets.Descending()));
        if (numbers.Count > 0)
            Assert.Equal(numbers[0], buckets.First.Number);
    }

    static List<long> Numbers(BucketCursor cursor)
    {
        var numbers = new List<long>();
        foreach (ref var bucket in cursor)
            numbers.Add(bucket.Number);
        return numbers;
    }

    sealed class Model(int width)
    {
        internal int Width => width;

        internal SortedDictionary<long, List<(int Entry, long Time)>> Lists { get; } = [];

        internal HashSet<long> Closed { get; } = [];

        internal long NumberOf(long time) => (long)Math.Floor((double)time / width);

        internal void Add(int entry, long time)
        {
            if (!Lists.TryGetValue(NumberOf(time), out var list))
                Lists[NumberOf(time)] = list = [];
            list.Add((entry, time));
            Closed.Remove(NumberOf(time));
        }
    }
}
