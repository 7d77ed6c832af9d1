using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class RecoveryOrderTests
{
    readonly Dictionary<string, long> _bytes = new() { ["g-1"] = 1_000, ["g-3"] = 30_000_000, ["g-4"] = 30_000_000 };
    int _reads;

    [Fact]
    public async Task The_key_group_with_the_most_to_read_goes_first()
    {
        var order = Order(Read);
        await order.LookAsync([]);
        Assert.Equal([3, 4, 1, 0, 2], order.Sort([0, 1, 2, 3, 4]));
        Assert.Equal([3, 4], Enumerable.Range(0, 5).Where(order.IsLong));
    }

    [Fact]
    public async Task The_journal_is_asked_again_only_when_nodes_came_or_went()
    {
        var order = Order(Read);
        Assert.True(await order.LookAsync(["a", "b"]));
        Assert.False(await order.LookAsync(["b", "a"]));
        Assert.Equal(1, _reads);
        _bytes["g-0"] = 99_000_000;
        Assert.True(await order.LookAsync(["a"]));
        Assert.Equal(2, _reads);
        Assert.Equal([0, 3], order.Sort([3, 0]));
    }

    [Fact]
    public async Task A_journal_that_is_away_costs_no_more_than_the_order()
    {
        var order = Order(() => throw new JournalException("away"));
        await order.LookAsync([]);
        Assert.Equal([0, 1, 2], order.Sort([2, 0, 1]));
    }

    static RecoveryOrder Order(Func<IReadOnlyDictionary<string, long>> read) => new(read, group => "g-" + group, TimeSpan.FromMinutes(3));

    Dictionary<string, long> Read()
    {
        _reads++;
        return new(_bytes);
    }
}
