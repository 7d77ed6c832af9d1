using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Orders;

/// <summary>What the log repeats of a join that does not read a side. Every second it is looked at, in virtual time.</summary>
public sealed class OrderReminderTests
{
    const int Minutes = 60;

    readonly List<(int Second, string Words)> _said = [];
    readonly List<(int Second, string Members)> _warned = [];
    readonly OrderReminder _reminder;
    FlowOrder _order = FlowOrder.None;
    IReadOnlyList<string> _older = [];
    int _second;

    public OrderReminderTests() => _reminder = new OrderReminder(
        () => _order,
        () => _older,
        order => _said.Add((_second, FlowOrderWords.Of(order))),
        members => _warned.Add((_second, members)));

    [Fact]
    public void A_pause_is_said_again_every_five_minutes_until_the_join_is_resumed()
    {
        Pass(7);
        Ask(order => order.With(null, new SidePause(true)));
        Pass(16 * Minutes);
        const string Words = "no side is read";
        Assert.Equal([(307, Words), (607, Words), (907, Words)], _said);
        Ask(order => order.With(null, default));
        Pass(60 * Minutes);
        Assert.Equal(3, _said.Count);
    }

    [Fact]
    public void Each_change_is_said_by_itself_so_the_five_minutes_begin_anew()
    {
        Ask(order => order.With(Side.Left, new SidePause(true)));
        Pass(4 * Minutes);
        Ask(order => order.With(Side.Right, new SidePause(true)));
        Pass((5 * Minutes) - 1);
        Assert.Empty(_said);
        Pass(2);
        Assert.Equal("no side is read", Assert.Single(_said).Words);
    }

    [Fact]
    public void Of_one_side_the_line_names_the_side_and_the_end_of_its_pause()
    {
        Ask(order => order.With(Side.Right, new SidePause(true, 1_893_456_000_000)));
        Pass((5 * Minutes) + 1);
        Assert.Equal("the right side is not read until 2030-01-01T00:00:00Z", Assert.Single(_said).Words);
    }

    [Fact]
    public void A_node_that_starts_into_a_pause_says_it_after_five_minutes_too()
    {
        _order = FlowOrder.None.With(null, new SidePause(true)) with { Number = 41 };
        Pass((5 * Minutes) + 1);
        Assert.Equal(300, Assert.Single(_said).Second);
    }

    [Fact]
    public void A_join_that_is_read_says_nothing_also_at_a_rate()
    {
        Pass(60 * Minutes);
        Ask(order => order with { Rate = 5 });
        Pass(60 * Minutes);
        Assert.Empty(_said);
    }

    [Fact]
    public void Members_that_do_not_know_it_are_named_once_and_again_when_they_are_others()
    {
        _older = ["b"];
        Pass(10);
        Assert.Empty(_warned);
        Ask(order => order with { Rate = 5 });
        Pass(10);
        _older = ["b", "c"];
        Pass(10);
        _older = [];
        Pass(10);
        _older = ["b"];
        Pass(10);
        Assert.Equal([(10, "b"), (20, "b, c"), (40, "b")], _warned);
    }

    [Fact]
    public void Once_nothing_is_asked_any_more_no_member_has_to_know_it()
    {
        Ask(order => order.With(null, new SidePause(true)));
        Ask(order => order.With(null, default));
        _older = ["b"];
        Pass(10);
        Assert.Empty(_warned);
    }

    void Ask(Func<FlowOrder, FlowOrder> change) => _order = change(_order) with { Number = _order.Number + 1 };

    void Pass(int seconds)
    {
        for (var end = _second + seconds; _second < end; _second++)
            _reminder.Look(50_000 + (_second * 1_000L));
    }
}
