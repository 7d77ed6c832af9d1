using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class HotKeyTests
{
    [Fact]
    public void A_hot_key_with_many_records_joins_the_few_in_the_window_and_leaves_nothing_behind()
    {
        const int records = 100_000;
        var group = new TestKeyGroup(Definitions.Of(JoinType.Inner, 2, 2));
        for (var from = 0; from < records; from += 1_000)
        {
            var batch = Enumerable.Range(from, 1_000).Select(n => new TestRecord("l", Side.Left, "hot", (n * 7919L) % records, Offset: n));
            Assert.Empty(group.Event([new TestBatch(Side.Left, 0, 1, from, from + 1_000, [.. batch])]));
        }

        var rights = Enumerable.Range(0, 1_000).Select(n => new TestRecord("r", Side.Right, "hot", 10 + (n * 50), Offset: n));
        Assert.Equal(5_000, group.Event([new TestBatch(Side.Right, 0, 1, 0, 1_000, [.. rights])]).Count);
        Assert.Equal(101_000, group.State.Count);
        group.End();
        Assert.Equal(0, group.State.Count);
        Assert.Equal(0, group.State.SlabBytes);
    }
}
