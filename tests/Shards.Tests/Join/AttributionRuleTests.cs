using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>Rules of attribution, one by one. The window is [left - 5, left + 10].</summary>
public sealed class AttributionRuleTests
{
    readonly Dictionary<Side, long> _offsets = [];

    [Fact]
    public void The_first_right_takes_a_left_whatever_came_first()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "second", 108);
        Right(group, "first", 104);
        Assert.Equal(["first:l/1 Matched", "second:/0 Unmatched"], group.End());
    }

    [Fact]
    public void A_right_waits_for_lefts_and_for_rights_before_it()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r", 104);
        Assert.Empty(group.Raise(109, 104));
        Assert.Empty(group.Raise(110, 104));
        Assert.Equal(["r:l/1 Matched"], group.Raise(null, 105));
    }

    [Fact]
    public void With_credit_for_every_right_none_waits_for_other_rights()
    {
        var group = Group(Credit.Every);
        Left(group, "l", 100);
        Right(group, "r", 104);
        Assert.Equal(["r:l/1 Matched"], group.Raise(110, null));
    }

    [Fact]
    public void Rights_of_one_time_stand_in_order_of_their_ids()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "b", 104, "2");
        Right(group, "a", 104, "1");
        Assert.Equal(["a:l/1 Matched", "b:/0 Unmatched"], group.End());
    }

    [Fact]
    public void Lefts_stand_in_order_and_the_earliest_are_shown()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Attribution, 5, 10, maxLefts: 2));
        Left(group, "l3", 103);
        Left(group, "l1", 100, "b");
        Left(group, "l0", 100, "a");
        Right(group, "r", 104);
        Assert.Equal(["r:l0,l1/3 Matched"], group.End());
    }

    [Fact]
    public void A_left_that_a_held_right_can_have_waits_for_it_after_its_window()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r", 110);
        Assert.Empty(group.Raise(null, 500));
        Assert.Equal(["r:l/1 Matched"], group.Raise(116, null));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_left_that_nothing_took_comes_out_when_no_right_can_come_any_more()
    {
        var group = Group();
        Left(group, "l", 100);
        Assert.Empty(group.Raise(TimeLimits.Max, 110));
        Assert.Equal(["l: Unmatched"], group.Raise(null, 111));
    }

    [Fact]
    public void A_late_right_competes_for_lefts_not_yet_given()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r", 106);
        group.Raise(null, 107);
        Assert.Equal(["late LateRecord"], Right(group, "late", 104));
        Assert.Equal(["late:l/1 LateJoined", "r:/0 Unmatched"], group.Raise(112, null));
    }

    [Fact]
    public void A_late_right_also_takes_a_left_that_waits_for_another_right()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r", 110);
        group.Raise(null, 500);
        Right(group, "late", 104);
        Assert.Equal(["late:l/1 LateJoined", "r:/0 Unmatched"], group.End());
    }

    [Fact]
    public void A_late_right_without_lefts_has_no_row()
    {
        var group = Group();
        Left(group, "l", 100);
        Assert.Equal(["l: Unmatched"], group.Raise(null, 111));
        Assert.Equal(["late LateRecord"], Right(group, "late", 104));
        Assert.Empty(group.End());
        Assert.Equal(1, group.State.Ledger(Side.Right).Late);
    }

    [Fact]
    public void A_late_left_is_taken_or_has_no_row()
    {
        var group = Group();
        Right(group, "r", 108);
        group.Raise(105, null);
        Left(group, "l1", 104);
        Left(group, "l2", 50);
        Assert.Equal(["r:l1/1 LateJoined"], group.End());
        Assert.Equal((1, 1), (group.State.Ledger(Side.Left).Matched, group.State.Ledger(Side.Left).Late));
    }

    [Fact]
    public void With_credit_for_every_right_a_left_closes_after_the_last_that_can_have_it()
    {
        var group = Group(Credit.Every);
        Left(group, "l", 100);
        Right(group, "r1", 100);
        Right(group, "r2", 110);
        group.Raise(null, 500);
        Assert.Equal(["r1:l/1 Matched"], group.Raise(106, null));
        Right(group, "late", 101);
        Assert.Equal(["late:l/1 LateJoined"], group.Raise(107, null));
        Assert.Equal(["r2:l/1 Matched"], group.Raise(116, null));
        Assert.Equal(["later LateRecord"], Right(group, "later", 101));
        Assert.Empty(group.End());
    }

    [Theory]
    [InlineData(120, 116, true)]
    [InlineData(121, 116, false)]
    public void The_id_of_a_right_is_remembered_as_long_as_a_left_of_it_may_be_held(long leftTime, long rightTime, bool isDuplicate)
    {
        // q, the last right that can have l, holds it until W_left > 120; until then a copy of r would be credited with l again.
        var group = new TestKeyGroup(Definitions.Of(JoinType.Attribution, 5, 10, dedup: true, credit: Credit.Every));
        Left(group, "l", 105, "l");
        Right(group, "r", 100, "r");
        Right(group, "q", 115, "q");
        group.Raise(leftTime, rightTime);
        Assert.Equal(isDuplicate ? [] : ["r LateRecord"], Right(group, "r", 100, "r"));
    }

    [Fact]
    public void Null_keys_come_out_at_once_on_both_sides()
    {
        var group = Group();
        Assert.Equal(["l: Unmatched"], Add(group, Side.Left, "l", 100, null, null));
        Assert.Equal(["r:/0 Unmatched"], Add(group, Side.Right, "r", 100, null, null));
    }

    [Fact]
    public void The_example_of_AttributionJoin_is_true()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Attribution, 0, 10));
        group.Raise(null, 90);
        Assert.Empty(At(Side.Left, "l1", 100, 100));
        Assert.Empty(At(Side.Left, "l2", 104, 104));
        Assert.Empty(At(Side.Right, "r2", 108, 90));
        Assert.Empty(At(Side.Right, "r1", 103, 95));
        Assert.Equal(["r1:l1/1 Matched", "r2:l2/1 Matched"], group.Raise(109, 109));
        Assert.Empty(At(Side.Left, "l3", 120, 120));
        Assert.Equal(["l3: Unmatched"], At(Side.Right, "r3", 131, 131));
        Assert.Equal(1, group.State.Ledger(Side.Right).Waiting);
        Assert.Equal(["r3:/0 Unmatched"], group.End());

        List<string> At(Side side, string name, long time, long watermark) => Add(group, side, name, time, null, "k", watermark);
    }

    static TestKeyGroup Group(Credit credit = Credit.First) => new(Definitions.Of(JoinType.Attribution, 5, 10, credit: credit));

    List<string> Left(TestKeyGroup group, string name, long time, string? id = null) => Add(group, Side.Left, name, time, id, "k");

    List<string> Right(TestKeyGroup group, string name, long time, string? id = null) => Add(group, Side.Right, name, time, id, "k");

    List<string> Add(TestKeyGroup group, Side side, string name, long time, string? id, string? key, long? watermark = null)
    {
        var offset = _offsets.GetValueOrDefault(side);
        _offsets[side] = offset + 1;
        return group.Event([new TestBatch(side, 0, 1, offset, offset + 1, [new TestRecord(name, side, key, time, id, Offset: offset)], watermark)]);
    }
}
