using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>A small window, and a side that says nothing for hours: the other side's records lie in very many time buckets.</summary>
public sealed class SilentSideTests
{
    const int BucketMs = 100, RecordsEach = 500;

    [Theory]
    [InlineData(JoinType.Inner, 0)]
    [InlineData(JoinType.Left, 144_000)]
    [InlineData(JoinType.Attribution, 144_000)]
    internal void The_event_in_which_the_silent_side_speaks_again_takes_a_fraction_of_a_second(JoinType type, int rows)
    {
        // Of three, for caches may be cold. In the time that a look at all buckets takes for each of them it would be 10 s and more.
        var runs = Enumerable.Range(0, 3).Select(_ => Run(type, 144_000)).ToList();
        Assert.All(runs, run => Assert.Equal(rows, run.Rows));
        Assert.InRange(runs.Min(run => run.Elapsed.TotalMilliseconds), 0, 1_500);
    }

    [Fact]
    public void While_ids_are_remembered_for_hours_an_event_costs_no_look_at_every_bucket()
    {
        var group = Filled(JoinType.Inner, 144_000);
        var begin = ThreadTime.Now();
        for (var i = 0; i < 2_000; i++)
            group.Event([], Tick(Side.Right, i, 20_000_000 + i));
        var elapsed = ThreadTime.Now() - begin;
        Assert.Equal(144_000, group.State.Ledger(Side.Left).Expired);
        Assert.Equal(144_000, group.State.Count);
        Assert.InRange(elapsed.TotalMilliseconds, 0, 2_000);
    }

    static (int Rows, TimeSpan Elapsed) Run(JoinType type, int buckets)
    {
        var group = Filled(type, buckets);
        Assert.Equal(buckets, group.State.Count);
        var begin = ThreadTime.Now();
        var rows = group.Event([], Tick(Side.Left, buckets, Far(buckets)), Tick(Side.Right, 0, Far(buckets)));
        var elapsed = ThreadTime.Now() - begin;
        Assert.Equal(0, group.State.Count);
        return (rows.Count, elapsed);
    }

    static TestKeyGroup Filled(JoinType type, int buckets)
    {
        var group = new TestKeyGroup(Definitions.Of(type, 0, 1_000, dedup: true), pool: new HeapSlabPool());
        for (var from = 0; from < buckets; from += RecordsEach)
        {
            var records = Enumerable.Range(from, RecordsEach)
                .Select(n => new TestRecord("r", Side.Left, $"k{n}", (long)n * BucketMs, $"i{n}", Offset: n));
            group.Event([new TestBatch(Side.Left, 0, 1, from, from + RecordsEach, [.. records])]);
        }

        return group;
    }

    static long Far(int buckets) => (buckets * BucketMs) + 10_000L;

    static Tick Tick(Side side, long through, long watermark) => new(new(side, 0, 0), 1, 0, through, watermark, 1);
}
