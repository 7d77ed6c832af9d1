using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>Rules of pair joins whose absence lost or doubled a row, one by one. The window is [time - 5, time + 10].</summary>
public sealed class PairRuleTests
{
    readonly Dictionary<Side, long> _offsets = [];

    [Theory]
    [InlineData(94, false)]
    [InlineData(95, true)]
    [InlineData(110, true)]
    [InlineData(111, false)]
    public void Bounds_are_closed(long time, bool joins)
    {
        var group = Group(JoinType.Inner);
        Left(group, "l", 100);
        Assert.Equal(joins ? ["l+r Matched"] : [], Right(group, "r", time));
    }

    [Fact]
    public void A_left_is_closed_by_the_right_side_alone_and_once()
    {
        var group = Group(JoinType.Full);
        Left(group, "l", 100);
        Assert.Empty(group.Raise(TimeLimits.Max, 110));
        Assert.Equal(["l+ Unmatched"], group.Raise(null, 111));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_right_is_closed_by_the_left_side_alone_and_once()
    {
        var group = Group(JoinType.Full);
        Right(group, "r", 100);
        Assert.Empty(group.Raise(105, TimeLimits.Max));
        Assert.Equal(["+r Unmatched"], group.Raise(106, null));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_record_that_is_closed_when_it_comes_joins_what_is_held_or_comes_out_at_once()
    {
        // The right side is ahead: the lefts are in time, their windows are over, their partners still wait for them.
        var group = Group(JoinType.Full);
        Right(group, "r", 105);
        group.Raise(90, 500);
        Assert.Equal(["l1+r Matched"], Left(group, "l1", 100));
        Assert.Equal(["l2+ Unmatched"], Left(group, "l2", 90));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_late_record_does_not_join_a_record_whose_row_came_out()
    {
        var group = Group(JoinType.Full);
        Left(group, "l", 100);
        Assert.Equal(["l+ Unmatched"], group.Raise(null, 111));
        Assert.Equal(["r LateRecord"], Right(group, "r", 105));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_late_record_does_not_join_a_closed_record_that_had_a_partner()
    {
        var group = Group(JoinType.Inner);
        Left(group, "l", 100);
        Assert.Equal(["l+r1 Matched"], Right(group, "r1", 100));
        group.Raise(null, 111);
        Assert.Equal(["r2 LateRecord"], Right(group, "r2", 105));
    }

    [Fact]
    public void A_late_record_is_kept_for_partners_to_come_and_has_no_row_of_its_own()
    {
        var group = Group(JoinType.Full);
        group.Raise(200, 90);
        Assert.Equal(["l1 LateRecord"], Left(group, "l1", 100));
        Assert.Equal(["l2 LateRecord"], Left(group, "l2", 150));
        Assert.Equal(["l1+r LateJoined"], Right(group, "r", 105));
        Assert.Empty(group.End());
        Assert.Equal((1, 1), (group.State.Ledger(Side.Left).Matched, group.State.Ledger(Side.Left).Late));
    }

    [Fact]
    public void A_late_record_that_is_dropped_joins_nothing()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Full, 5, 10, late: LatePolicy.Drop));
        Right(group, "r", 105);
        group.Raise(101, null);
        Assert.Equal(["l LateRecord"], Left(group, "l", 100));
        Assert.Equal(["+r Unmatched"], group.End());
    }

    [Theory]
    [InlineData(115, 111, true)]
    [InlineData(116, 110, true)]
    [InlineData(116, 111, false)]
    public void The_id_of_a_left_is_remembered_until_no_partner_of_it_can_be_held(long leftTime, long rightTime, bool isDuplicate)
    {
        var group = Group(JoinType.Inner, dedup: true);
        Left(group, "l", 100, "id");
        Assert.Equal(["l+r Matched"], Right(group, "r", 110, "r"));
        group.Raise(leftTime, rightTime);

        // One millisecond less, and the copy would find r again; one more, and r is closed.
        Assert.Equal(isDuplicate ? [] : ["l LateRecord"], Left(group, "l", 100, "id"));
        Assert.Equal(isDuplicate ? 1 : 0, group.State.Ledger(Side.Left).Duplicate);
    }

    [Theory]
    [InlineData(106, 115, true)]
    [InlineData(105, 116, true)]
    [InlineData(106, 116, false)]
    public void The_id_of_a_right_is_remembered_until_no_partner_of_it_can_be_held(long leftTime, long rightTime, bool isDuplicate)
    {
        var group = Group(JoinType.Inner, dedup: true);
        Left(group, "l", 105, "l");
        Assert.Equal(["l+r Matched"], Right(group, "r", 100, "id"));
        group.Raise(leftTime, rightTime);
        Assert.Equal(isDuplicate ? [] : ["r LateRecord"], Right(group, "r", 100, "id"));
    }

    [Fact]
    public void A_copy_with_another_time_is_reported_and_the_first_counts()
    {
        var group = Group(JoinType.Inner, dedup: true);
        Left(group, "l", 100, "id");
        Assert.Equal(["copy IdConflict"], Left(group, "copy", 300, "id"));
        Assert.Empty(Right(group, "r1", 300));
        Assert.Equal(["l+r2 Matched"], Right(group, "r2", 100));
    }

    [Fact]
    public void A_copy_is_looked_for_before_lateness()
    {
        var group = Group(JoinType.Left, dedup: true);
        Left(group, "l", 100, "id");
        group.Raise(110, null);
        Assert.Empty(Left(group, "l", 100, "id"));
    }

    [Fact]
    public void A_null_key_is_a_duplicate_too_and_comes_out_once()
    {
        var group = Group(JoinType.Full, dedup: true);
        Assert.Equal(["l+ Unmatched"], Left(group, "l", 100, "id", key: null));
        Assert.Empty(Left(group, "l", 100, "id", key: null));
        Assert.Equal(["k+ Unmatched"], [.. Left(group, "k", 100, "id"), .. group.End()]);
    }

    [Fact]
    public void A_record_without_an_id_is_never_a_duplicate()
    {
        var group = Group(JoinType.Full, dedup: true);
        Left(group, "l1", 100);
        Left(group, "l2", 100);
        Assert.Equal(["l1+ Unmatched", "l2+ Unmatched"], group.End().Order());
    }

    [Fact]
    public void An_empty_window_matches_nothing_and_every_row_still_comes_out()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Full, -1, 0));
        Left(group, "l", 100);
        Assert.Empty(Right(group, "r", 100));
        Assert.Equal(["+r Unmatched", "l+ Unmatched"], group.End().Order());
    }

    [Fact]
    public void The_highest_and_lowest_times_and_bounds_overflow_nothing()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Full, TimeLimits.Max, TimeLimits.Max));
        Left(group, "l", TimeLimits.Max);
        Assert.Empty(Right(group, "r1", TimeLimits.Min));
        Assert.Equal(["l+r2 Matched"], Right(group, "r2", TimeLimits.Max));
        Assert.Equal(["l2+r1 Matched", "l2+r2 Matched"], Left(group, "l2", 0).Order());
    }

    [Fact]
    public void The_example_of_PairJoin_is_true()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Left, 0, 10));
        group.Raise(null, 100);
        Assert.Empty(At(Side.Left, "l1", 100, 100));
        Assert.Equal(["l1+r1 Matched"], At(Side.Right, "r1", 105, 105));
        Assert.Equal(["l2+r1 Matched"], At(Side.Left, "l2", 102, 100));
        Assert.Empty(At(Side.Left, "l3", 120, 120));
        Assert.Equal(["l3+ Unmatched"], At(Side.Right, "r2", 131, 131));
        Assert.Equal(["l4 LateRecord"], At(Side.Left, "l4", 119, 120));
        Assert.Empty(group.Raise(200, 200));
        Assert.Equal((1, 1), (group.State.Ledger(Side.Right).Expired, group.State.Ledger(Side.Left).Late));
        Assert.Equal(0, group.State.Count);

        List<string> At(Side side, string name, long time, long watermark) => Add(group, side, name, time, null, "k", watermark);
    }

    static TestKeyGroup Group(JoinType type, bool dedup = false) => new(Definitions.Of(type, 5, 10, dedup));

    List<string> Left(TestKeyGroup group, string name, long time, string? id = null, string? key = "k") => Add(group, Side.Left, name, time, id, key);

    List<string> Right(TestKeyGroup group, string name, long time, string? id = null) => Add(group, Side.Right, name, time, id, "k");

    List<string> Add(TestKeyGroup group, Side side, string name, long time, string? id, string? key, long? watermark = null)
    {
        var offset = _offsets.GetValueOrDefault(side);
        _offsets[side] = offset + 1;
        return group.Event([new TestBatch(side, 0, 1, offset, offset + 1, [new TestRecord(name, side, key, time, id, Offset: offset)], watermark)]);
    }
}
