using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.KeyGroups;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Flow;

/// <summary>A join that rests, as one key group sees it: a full join, before 0, after 10.</summary>
public sealed class RestTests
{
    static readonly JoinDefinition Full = Definitions.Of(JoinType.Full, 0, 10);
    static readonly TimeOrder Rest = new(1, IsAtRest: true, 0), Wake = new(2, IsAtRest: false, 5_000);
    readonly TestKeyGroup _group = new(Full);
    int _offset;

    [Fact]
    public void While_a_join_rests_records_are_joined_and_held_and_time_does_not_move()
    {
        Read(Side.Left, "a", 100);
        Read(Side.Right, "x", 100);
        Obey(Rest);
        Assert.Empty(Read(Side.Left, "b", 900));
        Assert.Empty(Read(Side.Right, "c", 900));
        Assert.Equal((100, 100), _group.Group.Clocks.Times);

        // It would be late if time moved, and its partner gone.
        Assert.Equal(["l@a100+r@a104 Matched"], Read(Side.Right, "a", 104));
        Assert.Equal(["r@x100 Unmatched"], Obey(Wake).Select(row => row.Replace("+", "")));
        Assert.Equal((HoldKind.Awake, (900, 900)), (_group.Group.Clocks.TimeHold.Kind, _group.Group.Clocks.Times));
    }

    [Fact]
    public void A_record_whose_window_had_closed_before_a_rest_gives_its_row_at_once()
    {
        Read(Side.Left, "b", 50);
        Read(Side.Right, "x", 200);
        Obey(Rest);
        Assert.Equal(["l@a100 Unmatched"], Read(Side.Left, "a", 100).Select(row => row.Replace("+", "")));
        Assert.Empty(Read(Side.Left, "c", 195));
        Assert.Equal((50, 200), _group.Group.Clocks.Times);
    }

    [Fact]
    public void A_join_wakes_in_steps_of_so_many_rows_and_a_replay_takes_the_same_ones()
    {
        var group = new TestKeyGroup(Full, limits: new KeyGroupLimits(WakeRowsMax: 3));
        Obey(group, Rest);
        for (var time = 0; time < 10; time++)
            Read(group, Side.Left, "k" + time, 100 + time);
        Read(group, Side.Right, "z", 1_000);
        group.Group.Order = Wake;
        var steps = new List<int>();
        while (group.Apply() is { Count: > 0 } rows)
            steps.Add(rows.Count);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], steps);
        Assert.Equal(HoldKind.Awake, group.Group.Clocks.TimeHold.Kind);

        // Another program may have another limit.
        var replay = new TestKeyGroup(Full, limits: new KeyGroupLimits(WakeRowsMax: 1_000)).Group;
        for (var i = 0; i < group.Journal.Count; i++)
        {
            replay.Apply(i + 1, group.Journal[i]);
            replay.Confirm(i + 1);
        }

        Assert.Equal(group.Group.TakeSnapshot(), replay.TakeSnapshot());
    }

    [Fact]
    public void The_end_of_the_input_waits_until_a_join_is_awake()
    {
        var group = new TestKeyGroup(Full, limits: new KeyGroupLimits(WakeRowsMax: 2));
        Obey(group, Rest);
        foreach (var time in (long[])[100, 200, 300])
            Read(group, Side.Left, "k", time);
        Read(group, Side.Right, "z", 1_000);
        group.Group.Order = Wake;
        group.Group.Offer(new EndInput(0, 2_000, 2_000), this);
        var ends = new List<bool>();
        while (group.Apply() is { Count: > 0 })
            ends.Add(EventCodec.Read(group.Journal[^1]).Raise is not null);
        Assert.Equal([false, false, true], ends);
    }

    [Fact]
    public void A_snapshot_of_a_join_that_rests_says_so_and_by_which_order()
    {
        Read(Side.Left, "a", 100);
        Obey(Rest);
        var snapshot = _group.Group.TakeSnapshot();
        Assert.Equal(7, snapshot[0]);
        var restored = new TestKeyGroup(Full, snapshot);
        Assert.Equal(_group.Group.Clocks.TimeHold, restored.Group.Clocks.TimeHold);
        Assert.Empty(Obey(restored, Rest));
        Assert.Empty(restored.Journal);
    }

    [Fact]
    public void An_order_that_is_older_than_the_one_that_is_journaled_is_not_obeyed()
    {
        Obey(Rest);
        Obey(Wake);
        Obey(Rest);
        Assert.Equal((2, HoldKind.Awake), (_group.Group.Clocks.TimeHold.Number, _group.Group.Clocks.TimeHold.Kind));
        Assert.Equal(2, _group.Journal.Count);
    }

    [Fact]
    public void Where_a_node_of_an_earlier_format_is_there_no_rest_begins_and_one_that_began_goes_on_and_ends()
    {
        _group.Group.FormatVersion = FormatVersions.Incarnations;
        Read(Side.Left, "a", 100);
        Obey(Rest);
        Assert.Equal(TimeHold.None, _group.Group.Clocks.TimeHold);
        Assert.Equal(FormatVersions.Incarnations, _group.Journal[^1][0]);

        _group.Group.FormatVersion = FormatVersions.JoinTime;
        Obey(Rest);
        _group.Group.FormatVersion = FormatVersions.Incarnations;
        Read(Side.Left, "a", 200);
        Assert.Equal(FormatVersions.JoinTime, _group.Journal[^1][0]);
        Obey(Wake);
        Assert.Equal(HoldKind.Awake, _group.Group.Clocks.TimeHold.Kind);
    }

    // Its first event would have no definition, since what waited was dropped, and no replay could begin with it.
    [Fact]
    public void A_group_that_stops_before_its_first_event_heeds_no_order()
    {
        var group = new TestKeyGroup(Full).Group;
        group.Order = Rest;
        group.DropPending();
        Assert.Null(group.NextEvent());
        Assert.True(group.Idle);
    }

    [Fact]
    public void A_group_writes_nothing_after_a_recovery_before_it_knows_what_is_asked()
    {
        var journal = new List<byte[]>();
        var world = new ShellWorld(new KeyGroupMemory(), journal, knowsOrder: false);
        Assert.Equal(1, world.OrderReads);
        var batch = new TestBatch(Side.Left, 0, 1, 0, 1, [new TestRecord("l1", Side.Left, "k", 100)], 100);
        world.Shell.Receive(new Deliver(0, batch.Encode()), this);
        Assert.Empty(journal);
        world.Shell.OrderNotRead();
        Assert.Contains(world.Timers, timer => timer.Timer == ShellTimer.ReadOrder);
        world.Shell.Elapsed(ShellTimer.ReadOrder);
        Assert.Equal(2, world.OrderReads);
        world.Order = Rest;
        world.Shell.OrderRead();
        Assert.Equal(HoldKind.AtRest, EventCodec.Read(Assert.Single(journal)).TimeHold?.Kind);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void In_an_attribution_time_rests_while_a_side_is_paused(bool isAttribution, bool rests)
    {
        var paused = FlowOrder.None.With(Side.Left, new SidePause(true)).After(FlowOrder.None, 7);
        Assert.Equal(new TimeOrder(1, rests, 0), paused.Time(isAttribution));
        var resumed = paused.With(Side.Left, default).After(paused, 9);
        Assert.Equal(new TimeOrder(2, false, 9), resumed.Time(isAttribution));
        var faster = (resumed with { Rate = 5 }).After(resumed, 11);
        Assert.Equal((3, new TimeOrder(2, false, 9)), (faster.Number, faster.Time(isAttribution)));
    }

    List<string> Obey(TimeOrder order) => Obey(_group, order);

    static List<string> Obey(TestKeyGroup group, TimeOrder order)
    {
        group.Group.Order = order;
        return group.Apply();
    }

    List<string> Read(Side side, string key, long time) => Read(_group, side, key, time);

    // One record, which sets the watermark of its side's only partition.
    List<string> Read(TestKeyGroup group, Side side, string key, long time)
    {
        var offset = _offset++;
        var name = $"{(side == Side.Left ? "l" : "r")}@{key}{time}";
        var from = Math.Max(0, group.Group.AcceptedOffset(new PartitionId(side, 0, 0)));
        var record = new TestRecord(name, side, key, time, null, 0, Math.Max(from, offset));
        return group.Event([new TestBatch(side, 0, 1, from, record.Offset + 1, [record], time)]);
    }
}
