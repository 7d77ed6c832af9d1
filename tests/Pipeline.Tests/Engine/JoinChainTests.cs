using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class JoinChainTests
{
    [Fact]
    public void A_join_comes_after_those_whose_rows_late_records_or_dead_letters_it_reads()
    {
        var last = Join("last", "rows-a", "rows-b.late");
        var b = Join("b", "in", "rows-a.dead");
        var a = Join("a", "in", "other");
        var chain = new JoinChain([last, b, a]);
        Assert.Equal(["a", "b", "last"], chain.InOrder.Select(j => j.Name));
        Assert.Equal(["b", "a"], chain.Before(last).Select(j => j.Name));
        Assert.Empty(chain.Cycle);
        chain.RefuseCycle();
        Assert.Contains("last: reads rows-b.late, which b writes; run --bounded joins it when b has ended", chain.Sentences());
    }

    [Fact]
    public void Joins_that_do_not_read_each_other_s_rows_stay_in_order()
    {
        var chain = new JoinChain([Join("b", "in", "other"), Join("a", "in", "other")]);
        Assert.Equal(["b", "a"], chain.InOrder.Select(j => j.Name));
        Assert.Empty(chain.Sentences());
    }

    [Fact]
    public void A_circle_is_named_and_refused()
    {
        var chain = new JoinChain([Join("a", "in", "rows-c"), Join("b", "rows-a", "in"), Join("c", "rows-b", "in"), Join("d", "rows-c", "in")]);
        Assert.Equal(3, chain.Cycle.Count);
        Assert.DoesNotContain("d", chain.Cycle);
        Assert.Equal(4, chain.InOrder.Count);
        var e = Assert.Throws<UserException>(chain.RefuseCycle);
        Assert.Equal(78, e.ExitCode);
        Assert.Contains("in a circle", e.Message, StringComparison.Ordinal);
    }

    static JoinSettings Join(string name, string left, string right) => new()
    {
        Name = name,
        GroupId = name,
        Type = JoinType.Inner,
        BeforeMs = 0,
        AfterMs = 0,
        Flow = new FlowSettings(),
        Left = new SourceSettings { Topic = left },
        Right = new SourceSettings { Topic = right },
        Output = new OutputSettings { Topic = "rows-" + name, LateTopic = $"rows-{name}.late", DeadLetterTopic = $"rows-{name}.dead" },
    };
}
