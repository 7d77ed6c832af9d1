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
        ClusterPeers.RefuseOlderMembers("a", [("akka.tcp://a@h:1", ["akkajoin.format.2"]), ("akka.tcp://a@h:2", ["x", "akkajoin.format.3"])]);
        var e = Assert.Throws<UserException>(() => ClusterPeers.RefuseOlderMembers(
            "a", [("akka.tcp://a@h:1", ["akkajoin.format.2"]), ("akka.tcp://a@h:2", ["akkajoin.format.1"])]));
        Assert.Equal(78, e.ExitCode);
        Assert.Equal(
            "join 'a': a filter, and not, in and is null in where, need every node of the cluster to be of this release; akka.tcp://a@h:2 is of an earlier one. Upgrade it first",
            e.Message);
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
