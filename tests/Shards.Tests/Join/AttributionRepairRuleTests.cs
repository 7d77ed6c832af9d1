using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>
/// late.policy = repair for an attribution, one rule a test; before = 5, after = 10, repair-for = 50. What a repaired
/// row supersedes follows its kind.
/// </summary>
public sealed class AttributionRepairRuleTests
{
    readonly Dictionary<(Side Side, int Partition), long> _offsets = [];

    [Fact]
    public void A_late_left_goes_to_the_first_right_that_can_have_it_which_comes_again()
    {
        var group = Group();
        Right(group, "r1", 103);
        Right(group, "r2", 104);
        Assert.Equal(["r1:/0 Unmatched", "r2:/0 Unmatched"], group.Raise(120, 120));
        Assert.Equal(["r1:l1/1 Repaired r1:/0"], Left(group, "l1", 100));
        Assert.Equal(["r1:l2,l1/2 Repaired r1:l1/1"], Left(group, "l2", 99));
        Assert.Equal((1, 1), (group.State.Ledger(Side.Right).Matched, group.State.Ledger(Side.Right).Unmatched));
        Assert.Equal(2, group.State.Ledger(Side.Left).Matched);
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_late_left_that_no_right_can_have_comes_out_untaken()
    {
        var group = Group();
        group.Raise(120, 120);
        Assert.Equal(["l: Unmatched"], Left(group, "l", 100));
        Assert.Equal(["r:l/1 Repaired l:"], Right(group, "r", 105));
    }

    [Fact]
    public void A_late_right_takes_from_the_rights_after_it_down_to_none()
    {
        var group = Group();
        Left(group, "l1", 100);
        Left(group, "l2", 106);
        Right(group, "r2", 108);
        Right(group, "r3", 109);
        Assert.Equal(["r2:l1,l2/2 Matched", "r3:/0 Unmatched"], group.Raise(130, 130));
        Assert.Equal(["r1:l1,l2/2 Matched", "r2:/0 Repaired r2:l1,l2/2"], Right(group, "r1", 107));
        Assert.Equal((1, 2), (group.State.Ledger(Side.Right).Matched, group.State.Ledger(Side.Right).Unmatched));
        Assert.Equal(2, group.State.Ledger(Side.Left).Matched);
    }

    [Fact]
    public void A_late_right_that_finds_nothing_has_a_row_of_its_own()
    {
        var group = Group();
        group.Raise(130, 130);
        Assert.Equal(["r:/0 Unmatched"], Right(group, "r", 100));
    }

    [Fact]
    public void A_late_right_takes_nothing_from_the_rights_before_it()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r1", 103);
        Assert.Equal(["r1:l/1 Matched"], group.Raise(130, 130));
        Assert.Equal(["r2:/0 Unmatched"], Right(group, "r2", 104));
    }

    [Fact]
    public void With_credit_every_a_late_left_goes_to_each_right_and_a_late_right_takes_from_none()
    {
        var group = Group(Credit.Every);
        Right(group, "r1", 103);
        Right(group, "r2", 104);
        group.Raise(130, 130);
        Assert.Equal(["r1:l/1 Repaired r1:/0", "r2:l/1 Repaired r2:/0"], Left(group, "l", 100));
        Assert.Equal(["r0:l/1 Matched"], Right(group, "r0", 102));
    }

    [Fact]
    public void A_right_that_several_late_records_of_an_event_touch_comes_again_once()
    {
        var group = Group();
        Left(group, "l1", 100);
        Right(group, "r2", 108);
        Assert.Equal(["r2:l1/1 Matched"], group.Raise(130, 130));
        var rows = group.Event([
            Batch(Side.Left, 0, new TestRecord("l2", Side.Left, "k", 101), new TestRecord("l3", Side.Left, "k", 110)),
            Batch(Side.Right, 0, new TestRecord("r1", Side.Right, "k", 104)),
        ]);
        Assert.Equal(["r1:l1,l2/2 Matched", "r2:l3/1 Repaired r2:l1/1"], rows);
    }

    [Fact]
    public void A_right_that_gets_back_what_it_had_does_not_come_again()
    {
        var group = Group();
        Right(group, "r2", 108);
        Assert.Equal(["r2:/0 Unmatched"], group.Raise(130, 130));
        var rows = group.Event([
            Batch(Side.Left, 0, new TestRecord("l", Side.Left, "k", 100)), Batch(Side.Right, 0, new TestRecord("r1", Side.Right, "k", 104)),
        ]);
        Assert.Equal(["r1:l/1 Matched"], rows);
    }

    [Fact]
    public void The_lefts_that_are_shown_are_the_earliest_again_and_the_count_is_true()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Attribution, 5, 10, maxLefts: 2, repairFor: 50));
        Left(group, "l2", 101);
        Left(group, "l3", 102);
        Right(group, "r", 105);
        Assert.Equal(["r:l2,l3/2 Matched"], group.Raise(130, 130));
        Assert.Equal(["r:l1,l2/3 Repaired r:l2,l3/2"], Left(group, "l1", 100));
    }

    [Fact]
    public void A_left_is_kept_while_its_right_can_come_again()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r", 110);
        Assert.Equal(["r:l/1 Matched"], group.Raise(165, 300));

        // The last left that is in time and that r can have: r is kept for it, and so is l, which stands in r's row.
        Assert.Equal(["r:l,late/2 Repaired r:l/1"], Left(group, "late", 115));
        group.Raise(166, null);
        Assert.Equal(["too late LateRecord"], Left(group, "too late", 115));
    }

    [Fact]
    public void A_right_is_kept_while_a_right_before_it_can_take_from_it()
    {
        var group = Group();
        Left(group, "l", 105);
        group.Event([Batch(Side.Right, 1, new TestRecord("r", Side.Right, "k", 110))]);
        Assert.Equal(["r:l/1 Matched"], group.Raise(300, 160));

        // Of the same time, and of the partition before.
        Assert.Equal(["late:l/1 Matched", "r:/0 Repaired r:l/1"], Right(group, "late", 110));
        group.Raise(null, 161);
        Assert.Equal(["too late LateRecord"], Right(group, "too late", 110));
    }

    [Fact]
    public void An_untaken_left_is_kept_while_a_right_can_have_it()
    {
        var group = Group();
        Left(group, "l", 100);
        Assert.Equal(["l: Unmatched"], group.Raise(300, 160));
        Assert.Equal(["late:l/1 Repaired l:"], Right(group, "late", 110));
    }

    [Fact]
    public void A_left_whose_right_is_forgotten_stays_with_it()
    {
        var group = Group();
        Left(group, "l", 100);
        Right(group, "r1", 95);
        Right(group, "r2", 110);
        Assert.Equal(["r1:l/1 Matched", "r2:/0 Unmatched"], group.Raise(151, 300));

        // r1 is over at W_left > 95 + 5 + 50, and r2 is not: a left that touches r2 does not give it l.
        Assert.Equal(["r2:late/1 Repaired r2:/0"], Left(group, "late", 106));
    }

    static TestKeyGroup Group(Credit credit = Credit.First) =>
        new(Definitions.Of(JoinType.Attribution, 5, 10, credit: credit, repairFor: 50));

    List<string> Left(TestKeyGroup group, string name, long time) =>
        group.Event([Batch(Side.Left, 0, new TestRecord(name, Side.Left, "k", time))]);

    List<string> Right(TestKeyGroup group, string name, long time) =>
        group.Event([Batch(Side.Right, 0, new TestRecord(name, Side.Right, "k", time))]);

    TestBatch Batch(Side side, int partition, params TestRecord[] records)
    {
        var from = _offsets.GetValueOrDefault((side, partition));
        _offsets[(side, partition)] = from + records.Length;
        return new TestBatch(
            side, partition, 2, from, from + records.Length,
            [.. records.Select((record, i) => record with { Partition = partition, Offset = from + i })]);
    }
}
