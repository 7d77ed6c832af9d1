using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>
/// late.policy = repair, one rule a test; before = 5, after = 10, repair-for = 50. What a repaired row supersedes
/// follows its kind.
/// </summary>
public sealed class RepairRuleTests
{
    const long RepairFor = 50;

    readonly Dictionary<Side, long> _offsets = [];

    [Fact]
    public void A_late_partner_supersedes_the_unmatched_row_once()
    {
        var group = Group(JoinType.Left);
        Left(group, "l", 100);
        Assert.Equal(["l+ Unmatched"], group.Raise(null, 111));
        Assert.Equal(1, group.State.Ledger(Side.Left).Unmatched);
        Assert.Equal(["l+r1 Repaired l+"], Right(group, "r1", 105));
        Assert.Equal((0, 1), (group.State.Ledger(Side.Left).Unmatched, group.State.Ledger(Side.Left).Matched));

        // The next pair has nothing to supersede any more.
        Assert.Equal(["l+r2 Matched"], Right(group, "r2", 106));
        Assert.Empty(group.End());
    }

    [Fact]
    public void A_pair_of_a_record_that_had_one_before_its_window_closed_is_a_plain_one()
    {
        var group = Group(JoinType.Full);
        Left(group, "l", 100);
        Assert.Equal(["l+r1 Matched"], Right(group, "r1", 100));
        group.Raise(null, 111);
        Assert.Equal(["l+r2 Matched"], Right(group, "r2", 105));
    }

    [Fact]
    public void One_late_record_may_supersede_several_rows_each_by_a_pair_of_its_own()
    {
        var group = Group(JoinType.Left);
        Left(group, "l1", 100);
        Left(group, "l2", 101);
        Assert.Equal(["l1+ Unmatched", "l2+ Unmatched"], group.Raise(null, 120).Order());
        Assert.Equal(["l1+r Repaired l1+", "l2+r Repaired l2+"], Right(group, "r", 105).Order());
    }

    [Fact]
    public void An_expired_record_of_a_side_that_is_not_preserved_is_matched_later()
    {
        var group = Group(JoinType.Inner);
        Left(group, "l", 100);
        group.Event([]);
        group.Raise(null, 112);
        group.State.Left.CountExpired(isExact: true);
        Assert.Equal(1, group.State.Ledger(Side.Left).Expired);
        Assert.Equal(["l+r Matched"], Right(group, "r", 105));
        Assert.Equal((0, 1), (group.State.Ledger(Side.Left).Expired, group.State.Ledger(Side.Left).Matched));
    }

    [Fact]
    public void A_record_that_comes_when_its_window_is_closed_gives_its_row_at_once_and_can_be_repaired_still()
    {
        var group = Group(JoinType.Full);
        group.Raise(130, 130);
        Assert.Equal(["l+ Unmatched"], Left(group, "l", 100));
        Assert.Equal(["l+r Repaired l+"], Right(group, "r", 105));
        Assert.Equal((0, 0), (group.State.Ledger(Side.Left).Late, group.State.Ledger(Side.Right).Late));
    }

    [Theory]
    [InlineData(130, 80, true)]
    [InlineData(130, 79, false)]
    public void A_record_is_late_below_the_watermark_less_repair_for(long watermark, long time, bool joins)
    {
        var group = Group(JoinType.Left);
        Left(group, "l", 80);
        group.Raise(null, watermark);
        Assert.Equal(joins ? ["l+r Repaired l+"] : ["r LateRecord"], Right(group, "r", time));
        Assert.Equal(joins ? 0 : 1, group.State.Ledger(Side.Right).Late);
    }

    [Fact]
    public void A_left_is_kept_until_the_last_right_that_is_not_late()
    {
        var group = Group(JoinType.Left);
        Left(group, "l", 100);
        group.Raise(null, 160);

        // The last partner of l: at 161 it would be late.
        Assert.Equal(["l+r Repaired l+"], Right(group, "r", 110));
        group.Raise(null, 161);
        Assert.Equal(["late LateRecord"], Right(group, "late", 110));
    }

    [Fact]
    public void A_right_is_kept_until_the_last_left_that_is_not_late()
    {
        var group = Group(JoinType.Right);
        Right(group, "r", 100);
        group.Raise(155, null);
        Assert.Equal(["l+r Repaired +r"], Left(group, "l", 105));
        group.Raise(156, null);
        Assert.Equal(["late LateRecord"], Left(group, "late", 105));
    }

    [Theory]
    [InlineData(150, 161, true)]
    [InlineData(151, 160, true)]
    [InlineData(151, 161, false)]
    public void The_id_of_a_left_is_remembered_while_a_copy_is_not_late(long leftTime, long rightTime, bool isDuplicate)
    {
        var group = Group(JoinType.Left, dedup: true);
        Left(group, "l", 100, "id");
        group.Raise(leftTime, rightTime);
        Assert.Equal(isDuplicate ? [] : ["copy LateRecord"], Left(group, "copy", 100, "id"));
        Assert.Equal(isDuplicate ? 1 : 0, group.State.Ledger(Side.Left).Duplicate);
    }

    [Fact]
    public void A_null_key_comes_out_once_and_is_never_repaired()
    {
        var group = Group(JoinType.Full);
        group.Raise(110, 110);
        Assert.Equal(["l+ Unmatched"], Left(group, "l", 100, key: null));
        Assert.Equal(["+r Unmatched"], Right(group, "r", 100, key: null));
        Assert.Equal(0, group.State.Count);
    }

    [Fact]
    public void What_was_over_when_repair_was_switched_on_stays_over()
    {
        var joining = Definitions.Of(JoinType.Left, 5, 10, late: LatePolicy.Drop);
        var group = new TestKeyGroup(joining);
        Left(group, "l1", 100);
        Left(group, "l2", 130);
        Assert.Equal(["l1+ Unmatched"], group.Raise(null, 120));
        group.State.Redefine(joining with { Late = LatePolicy.Repair, RepairForMs = RepairFor });
        Assert.Equal(["late LateRecord"], Right(group, "late", 105));
        Assert.Equal(["l2+ Unmatched"], group.Raise(null, 150));
        Assert.Equal(["l2+r Repaired l2+"], Right(group, "r", 125));
        Assert.Equal(["later LateRecord"], Right(group, "later", 119));
    }

    [Fact]
    public void Where_repair_is_switched_off_a_row_stands_for_good()
    {
        var group = Group(JoinType.Left);
        Left(group, "l", 100);
        Assert.Equal(["l+ Unmatched"], group.Raise(null, 120));
        Assert.Equal(1, group.State.Left.Store.Rows.Count);
        group.State.Redefine(Definitions.Of(JoinType.Left, 5, 10, late: LatePolicy.Drop));
        Assert.Equal(0, group.State.Left.Store.Rows.Count);
        Assert.Equal(["r LateRecord"], Right(group, "r", 105));
    }

    [Fact]
    public void A_row_is_superseded_by_another_incarnation_after_a_snapshot()
    {
        var definition = Definitions.Of(JoinType.Left, 5, 10, repairFor: RepairFor);
        var group = new TestKeyGroup(definition);
        Left(group, "l", 100);
        Assert.Equal(["l+ Unmatched"], group.Raise(null, 120));
        var next = new TestKeyGroup(definition, group.Group.TakeSnapshot());
        next.Standing.Add($"{Incarnations.One}-0-{group.Group.Sequence}-0", "l+");
        Assert.Equal(["l+r Repaired l+"], Right(next, "r", 105));
        Assert.Equal((120, 70), (next.State.Watermarks.Right, next.State.Horizon.Right));
    }

    [Fact]
    public void The_state_grows_by_rate_times_repair_for()
    {
        var counts = new[] { 0, RepairFor, 10 * RepairFor }.Select(repairFor =>
        {
            var group = new TestKeyGroup(Definitions.Of(JoinType.Left, 5, 10, late: LatePolicy.Drop, repairFor: repairFor));
            _offsets.Clear();
            for (var time = 1_000; time < 3_000; time++)
                Add(group, Side.Left, "l", time, null, $"k{time}", watermark: time);
            group.Raise(null, 3_000);
            return group.State.Left.Store.Entries().Count(entry => group.State.Left.Store[entry].Time >= group.State.Left.ForgottenBefore);
        }).ToList();
        Assert.Equal(counts[0] + RepairFor, counts[1]);
        Assert.Equal(counts[0] + (10 * RepairFor), counts[2]);
    }

    static TestKeyGroup Group(JoinType type, bool dedup = false) => new(Definitions.Of(type, 5, 10, dedup, repairFor: RepairFor));

    List<string> Left(TestKeyGroup group, string name, long time, string? id = null, string? key = "k") =>
        Add(group, Side.Left, name, time, id, key);

    List<string> Right(TestKeyGroup group, string name, long time, string? id = null, string? key = "k") =>
        Add(group, Side.Right, name, time, id, key);

    List<string> Add(TestKeyGroup group, Side side, string name, long time, string? id, string? key, long? watermark = null)
    {
        var offset = _offsets.GetValueOrDefault(side);
        _offsets[side] = offset + 1;
        var record = new TestRecord(name, side, key, time, id, Offset: offset);
        return group.Event([new TestBatch(side, 0, 1, offset, offset + 1, [record], watermark)]);
    }
}
