using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class OlderMembersTests
{
    [Fact]
    public void A_definition_that_an_older_member_does_not_know_is_refused_with_its_address()
    {
        var filtered = Definition("left.x is null");
        ClusterPeers.RefuseOlderMembers(
            filtered, [("akka.tcp://a@h:1", ["akkajoin.format.2"]), ("akka.tcp://a@h:2", ["x", "akkajoin.format.3"])]);
        var e = Assert.Throws<UserException>(() => ClusterPeers.RefuseOlderMembers(
            filtered, [("akka.tcp://a@h:1", ["akkajoin.format.2"]), ("akka.tcp://a@h:2", ["akkajoin.format.1"])]));
        Assert.Equal(78, e.ExitCode);
        Assert.Equal(
            "join 'a': a filter, and not, in and is null in where, need every node of the cluster to be of this release; "
                + "akka.tcp://a@h:2 is of an earlier one. Upgrade it first",
            e.Message);
    }

    [Fact]
    public void A_join_that_repairs_is_refused_while_a_member_knows_format_2_alone()
    {
        var repairing = Definition("left.x = 1") with { Late = LatePolicy.Repair, RepairForMs = 1 };
        ClusterPeers.RefuseOlderMembers(repairing, [("akka.tcp://a@h:1", ["akkajoin.format.3"])]);
        var e = Assert.Throws<UserException>(() => ClusterPeers.RefuseOlderMembers(
            repairing, [("akka.tcp://a@h:1", ["akkajoin.format.2"]), ("akka.tcp://a@h:2", ["akkajoin.format.3"])]));
        Assert.Equal(78, e.ExitCode);
        Assert.Equal(
            "join 'a': late.policy = repair needs every node of the cluster to be of this release; "
                + "akka.tcp://a@h:1 is of an earlier one. Upgrade it first",
            e.Message);
    }

    [Fact]
    public void Limits_of_time_may_change_and_an_older_program_cannot_read_the_new_ones()
    {
        var before = Definition("left.x = 1");
        var after = before with { MinTimeMs = 5, MaxAheadOfWallClockMs = 7 };
        Assert.All(DefinitionChange.Between(before, after), change => Assert.True(change.IsSafe, change.Name));
        Assert.Equal(["max-ahead-of-wall-clock-ms", "min-time-ms"], DefinitionChange.Between(after, before).Select(c => c.Name));
        Assert.NotEqual(3, DefinitionCodec.Write(before with { MaxAheadOfWallClockMs = 7 })[0]);
        Assert.Equal(3, DefinitionCodec.Write(after)[0]);
        Assert.Throws<InvalidOperationException>(() => DefinitionCodec.Write(after, format: 2));
        var read = DefinitionCodec.Read(DefinitionCodec.Write(after));
        Assert.Equal((5, 7), (read.MinTimeMs, read.MaxAheadOfWallClockMs));
        Assert.Null(DefinitionCodec.Read(DefinitionCodec.Write(before)).MinTimeMs);
        var e = Assert.Throws<UserException>(
            () => ClusterPeers.RefuseOlderMembers(after, [("akka.tcp://a@h:1", ["akkajoin.format.2"])]));
        Assert.Contains("min-time needs every node", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Join", "Drop", true)]
    [InlineData("Join", "Repair", true)]
    [InlineData("Drop", "Repair", true)]
    [InlineData("Repair", "Drop", true)]
    [InlineData("Repair", "Join", false)]
    [InlineData("Drop", "Join", false)]
    public void The_late_policy_can_be_changed_but_to_join(string journaled, string configured, bool isSafe)
    {
        var (before, after) = (With(journaled, 5), With(configured, 9));
        var changes = DefinitionChange.Between(DefinitionCodec.Read(DefinitionCodec.Write(before)), after);
        Assert.Equal(isSafe, changes.All(change => change.IsSafe));
        var policy = Assert.Single(changes, change => change.Name == "late.policy");
        Assert.Equal((journaled, configured), (policy.Journaled, policy.Configured));
        Assert.Equal(configured == "Repair", changes.Any(change => change.Name == "late.repair-for-ms"));
    }

    [Fact]
    public void The_time_for_which_rows_are_repaired_can_be_changed()
    {
        var change = Assert.Single(DefinitionChange.Between(With("Repair", 5), With("Repair", 9)));
        Assert.Equal(("late.repair-for-ms", "5", "9", true), (change.Name, change.Journaled, change.Configured, change.IsSafe));
    }

    static JoinDefinition With(string policy, long repairFor)
    {
        var late = Enum.Parse<LatePolicy>(policy);
        return Definition("left.x = 1") with { Late = late, RepairForMs = late == LatePolicy.Repair ? repairFor : 0 };
    }

    [Fact]
    public void A_definition_that_was_journaled_with_doubles_is_not_another_one_for_that()
    {
        var configured = Definition("left.x > 1e20 or left.x = 0.1");
        var journaled = DefinitionCodec.Read(DefinitionCodec.Write(configured, format: 1));
        Assert.Empty(DefinitionChange.Between(journaled, configured));
        Assert.Empty(DefinitionChange.Between(DefinitionCodec.Read(DefinitionCodec.Write(configured)), configured));
        var change = Assert.Single(DefinitionChange.Between(journaled, Definition("left.x > 1e20 or left.x = 0.2")));
        Assert.False(change.IsSafe);
    }

    [Theory]
    [InlineData("", "a = 1")]
    [InlineData("a = 1", "")]
    [InlineData("a = 1", "a = 2")]
    public void A_change_of_a_filter_is_no_safe_one(string journaled, string configured)
    {
        var before = Definition("left.x = 1");
        var change = Assert.Single(DefinitionChange.Between(
            before with { Left = before.Left with { Filter = journaled } }, before with { Left = before.Left with { Filter = configured } }));
        Assert.Equal(("left.filter", journaled, configured, false), (change.Name, change.Journaled, change.Configured, change.IsSafe));
    }

    static JoinDefinition Definition(string where) => new()
    {
        Name = "a",
        Type = JoinType.Inner,
        BeforeMs = 0,
        AfterMs = 1,
        Where = WhereParser.Parse(where, ["x"], []).Condition,
        Left = new SourceDefinition("l", "", "k", "ts", "", "json", ["x"]),
        Right = new SourceDefinition("r", "", "k", "ts", "", "json", []),
    };
}
