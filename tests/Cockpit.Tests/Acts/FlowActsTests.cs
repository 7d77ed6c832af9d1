using AkkaJoin.Cockpit.Acts;
using AkkaJoin.Cockpit.Commands;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Acts;

/// <summary>What is asked of a join by a command.</summary>
public sealed class FlowActsTests
{
    const long Now = 1_800_000_000_000;

    [Theory]
    [InlineData("90m", Now + 5_400_000)]
    [InlineData("1.5 h", Now + 5_400_000)]
    [InlineData("2027-01-15T08:00:01Z", Now + 1_000)]
    [InlineData("2027-01-15T10:00:01+02:00", Now + 1_000)]
    [InlineData("2027-01-15T08:00:01", Now + 1_000)] // UTC, wherever the node is
    public void A_pause_ends_at_a_time_or_after_a_duration(string text, long expected) => Assert.Equal(expected, FlowActs.Until(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("+30")]
    [InlineData("30.0")]
    [InlineData("soon")]
    [InlineData("-5m")]
    [InlineData("0s")]
    [InlineData("2026-01-15T08:00:00Z")]
    public void An_end_that_is_none_or_is_over_is_refused_by_name(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<CommandException>(() => FlowActs.Until(text, Now)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5000", 5_000L)]
    [InlineData("1000000000", 1_000_000_000L)]
    [InlineData("unlimited", 0L)]
    [InlineData("configured", null)]
    public void A_rate_is_a_number_or_a_word(string text, long? expected) => Assert.Equal(expected, FlowActs.Rate(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000000001")]
    [InlineData("1e3")]
    [InlineData("fast")]
    public void Another_rate_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<CommandException>(() => FlowActs.Rate(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Where_a_node_would_not_know_it_nothing_is_asked_and_the_message_names_the_node()
    {
        await using var node = await TestNode.StartAsync(); // announces no format, as the first releases did
        var call = new CommandCall(new Dictionary<string, string> { ["join"] = "j" }, "test", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<CommandException>(() => FlowActs.PauseAsync(node.Node, call));
        Assert.Contains("of an earlier release", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Akka.Cluster.Cluster.Get(node.System).SelfAddress.ToString(), refused.Message, StringComparison.Ordinal);

        // To read on and to let time move is what such a node does by itself.
        Assert.False((await FlowActs.ResumeAsync(node.Node, call)).Asked.LeftIsPaused);
        Assert.False((await FlowActs.WakeAsync(node.Node, call)).Asked.IsAtRest);
    }
}
