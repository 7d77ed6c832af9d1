using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Orders;

/// <summary>What is asked of a join, in the catalogue and on a node.</summary>
public sealed class FlowOrdersTests
{
    readonly MemoryCatalog _catalog = new();
    readonly FlowOrderStore _store;
    readonly List<FlowOrder> _heard = [];
    readonly FlowOrders _orders;
    long _nowMs = 1_000;

    public FlowOrdersTests()
    {
        _store = new FlowOrderStore(_catalog, "j");
        _orders = new FlowOrders(_store, new RouterInbox(TimeSpan.FromSeconds(1)), () => _nowMs) { Changed = _heard.Add };
    }

    [Fact]
    public void Each_change_has_the_next_number_and_one_that_changes_nothing_has_none()
    {
        Assert.Equal(0, _store.Read().Number);
        Assert.Equal(1, _store.Change(Paused(Side.Left), _nowMs).Number);
        Assert.Equal(1, _store.Change(Paused(Side.Left), _nowMs).Number);
        Assert.Equal(2, _store.Change(order => order with { Rate = 5 }, _nowMs).Number);
        Assert.Equal(_store.Read(), FlowOrder.None.With(Side.Left, new SidePause(true)) with { Number = 2, Rate = 5, TimeNumber = 1 });
    }

    [Fact]
    public void Of_two_that_ask_at_once_none_is_forgotten()
    {
        foreach (var first in (bool[])[true, false])
        {
            _catalog.BeforeReplace = () => _store.Change(order => order with { Rate = first ? 7 : 8 }, _nowMs);
            var order = _store.Change(first ? Paused(Side.Left) : Paused(Side.Right), _nowMs);
            Assert.Equal(first ? 7 : 8, order.Rate);
            Assert.True(order.Of(first ? Side.Left : Side.Right).IsPaused);
        }

        Assert.Equal(4, _store.Read().Number);
    }

    [Fact]
    public void A_node_that_starts_knows_what_was_asked_before()
    {
        _store.Change(Paused(Side.Right), _nowMs);
        Assert.True(_orders.Read().Right.IsPaused);
        Assert.Equal(1, Assert.Single(_heard).Number);
        _orders.Read();
        Assert.Single(_heard);
    }

    [Fact]
    public void Of_two_changes_that_two_threads_learn_the_newer_one_is_told_last()
    {
        Thread? other = null;
        FlowOrders? orders = null;
        orders = new FlowOrders(_store, new RouterInbox(TimeSpan.FromSeconds(1)), () => _nowMs) { Changed = Hear };
        _store.Change(Paused(Side.Left), _nowMs);
        orders.Read();
        other!.Join();
        Assert.Equal([1, 2], _heard.Select(order => order.Number));

        void Hear(FlowOrder order)
        {
            if (order.Number == 1)
            {
                _store.Change(Paused(Side.Right), _nowMs);
                other = new Thread(() => orders!.Read());
                other.Start();

                // It waits until this one has heard, or has heard itself and is done.
                Assert.True(SpinWait.SpinUntil(
                    () => !other.IsAlive || other.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(1)));
            }

            _heard.Add(order);
        }
    }

    [Fact]
    public void Of_a_catalogue_that_was_rolled_back_what_it_has_counts_and_gets_a_higher_number()
    {
        var first = _store.Change(Paused(Side.Left), _nowMs);
        _store.Change(Paused(Side.Right), _nowMs);
        Assert.True(_orders.Read().IsPaused);
        RollBack(first);
        Assert.Equal(first.Above(2, _nowMs), _orders.Read());
        Assert.Equal(first.Above(2, _nowMs), _store.Read());
        Assert.Equal([2, 3], _heard.Select(order => order.Number));
    }

    [Fact]
    public void Every_node_takes_an_act_that_follows_a_rollback_also_one_that_knows_a_higher_number()
    {
        var other = new FlowOrders(_store, new RouterInbox(TimeSpan.FromSeconds(1)), () => _nowMs);
        for (var rate = 1; rate <= 5; rate++)
            _store.Change(order => order with { Rate = rate }, _nowMs);
        _orders.Read();
        RollBack(FlowOrder.None with { Number = 1 });
        _store.Change(Paused(Side.Left), _nowMs);
        Assert.Equal(2, other.Read().Number);
        Assert.Equal(Paused(Side.Left)(FlowOrder.None).Above(5, _nowMs), _orders.Read());
        Assert.Equal(_orders.Current, other.Read());
    }

    [Fact]
    public void An_act_that_follows_a_rollback_counts_also_where_its_number_is_the_one_that_a_node_knows()
    {
        _store.Change(Paused(Side.Left), _nowMs);
        var newest = _store.Change(Paused(Side.Right), _nowMs);
        _orders.Read();
        RollBack(FlowOrder.None with { Number = 1 });
        var act = _store.Change(order => order with { Rate = 5 }, _nowMs);
        Assert.Equal(newest.Number, act.Number);
        Assert.Equal(act, _orders.Read());
    }

    [Fact]
    public void An_act_that_comes_while_a_rollback_is_noticed_is_not_forgotten()
    {
        for (var rate = 1; rate <= 5; rate++)
            _store.Change(order => order with { Rate = rate }, _nowMs);
        _orders.Read();
        RollBack(FlowOrder.None with { Number = 1 });
        _catalog.BeforeReplace = () => _store.Change(Paused(Side.Left), _nowMs);
        Assert.Equal(Paused(Side.Left)(FlowOrder.None).Above(5, _nowMs), _orders.Read());
    }

    [Fact]
    public void A_pause_with_an_end_is_taken_back_by_the_first_node_whose_clock_is_there()
    {
        _store.Change(order => order.With(Side.Left, new SidePause(true, 5_000)).With(Side.Right, new SidePause(true)), _nowMs);
        _nowMs = 4_999;
        Assert.Equal((true, true), (_orders.Read().Left.IsPaused, _orders.Current.Right.IsPaused));
        _nowMs = 5_000;
        Assert.Equal((false, true), (_orders.Read().Left.IsPaused, _orders.Current.Right.IsPaused));
        Assert.Equal(2, _store.Read().Number);
    }

    [Fact]
    public void A_rest_with_an_end_is_taken_back_too_and_the_clock_of_that_is_where_idleness_begins()
    {
        _store.Change(order => order with { Rest = new TimeRest(true, 5_000) }, _nowMs);
        Assert.Equal(new TimeOrder(1, true, 0), _orders.Read().Time(restsWhilePaused: false));
        _nowMs = 5_001;
        Assert.Equal(new TimeOrder(2, false, 5_001), _orders.Read().Time(restsWhilePaused: false));
        _store.Change(order => order with { Rate = 7 }, 6_000);
        Assert.Equal(new TimeOrder(2, false, 5_001), _orders.Read().Time(restsWhilePaused: false));
    }

    [Fact]
    public async Task While_the_journal_is_away_a_node_goes_on_as_it_is_and_says_so_once()
    {
        var said = new List<string?>();
        var orders = new FlowOrders(_store, new RouterInbox(TimeSpan.FromSeconds(1)), () => _nowMs) { Unread = said.Add };
        _store.Change(Paused(Side.Left), _nowMs);
        orders.Read();
        _catalog.IsAway = true;
        using var stop = new CancellationTokenSource();
        var running = orders.RunAsync(stop.Token);
        await UntilAsync(() => said.Count == 1);
        Assert.True(orders.Current.Left.IsPaused);
        _catalog.IsAway = false;
        await UntilAsync(() => said.Count == 2);
        Assert.Equal(["the database is away", null], said);
        await stop.CancelAsync();
        await running;
    }

    void RollBack(FlowOrder to) =>
        Assert.True(_catalog.TryReplace("j", CatalogNames.FlowOrder, FlowOrderCodec.Write(_store.Read()), FlowOrderCodec.Write(to)));

    static Func<FlowOrder, FlowOrder> Paused(Side side) => order => order.With(side, new SidePause(true));

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1_000 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }
}
