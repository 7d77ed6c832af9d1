using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class CompactionTests
{
    const int RecordsEach = 1_000;
    const int WindowMs = 1_000;
    const int LongLivedMs = 1_000 * WindowMs;

    [Fact]
    public void One_record_in_a_thousand_that_lives_a_thousand_times_longer_holds_no_slab()
    {
        var group = Definition();
        var bytesOfRecord = 0L;
        for (var n = 0; n < 300; n++)
        {
            Assert.Empty(group.Event([Batch(n), Right(n)]));
            if (n == 0)
                bytesOfRecord = group.State.Store(Side.Left).Log[0].Used / group.State.Store(Side.Left).Log[0].Records;
        }

        var log = group.State.Store(Side.Left).Log;
        Assert.InRange(log.Live, 1_300, 3_400);
        Assert.InRange(group.State.SlabBytes, 0, 4 * log.Live * (bytesOfRecord + 64));
        group.End();
        Assert.Equal(0, group.State.Count);
        Assert.Equal(0, group.State.SlabBytes);
    }

    [Fact]
    public void A_snapshot_does_not_tell_when_slabs_were_written_anew()
    {
        var group = Definition();
        for (var n = 0; n < 60; n++)
            group.Event([Batch(n), Right(n)]);
        var restored = new TestKeyGroup(group.Group.Definition!, group.Group.TakeSnapshot());
        for (var n = 60; n < 120; n++)
        {
            group.Event([Batch(n), Right(n)]);
            restored.Event([Batch(n), Right(n)]);
        }

        Assert.Equal(group.Group.TakeSnapshot(), restored.Group.TakeSnapshot());
    }

    static TestKeyGroup Definition() => new(Definitions.Of(JoinType.Inner, 0, WindowMs, dedup: true));

    // A window of time each.
    static TestBatch Batch(int n)
    {
        var time = n * (long)WindowMs;
        var records = Enumerable.Range(0, RecordsEach).Select(i => new TestRecord(
            "l", Side.Left, $"k{n}-{i % 500}", i == 17 ? time + LongLivedMs : time + i, $"i{n}-{i}", Offset: (n * RecordsEach) + i));
        return new TestBatch(Side.Left, 0, 1, n * RecordsEach, (n + 1) * RecordsEach, [.. records], time);
    }

    // The other side, without records, is as far.
    static TestBatch Right(int n) => new(Side.Right, 0, 1, n, n + 1, [], n * (long)WindowMs);
}
