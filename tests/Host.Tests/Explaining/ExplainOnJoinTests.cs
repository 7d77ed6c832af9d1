using AkkaJoin.Cockpit.Explain.Reasons;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Host.Tests.Explaining;

/// <summary>Reasons that real joins gave.</summary>
public sealed class ExplainOnJoinTests(ExplainedJoins joins, ITestOutputHelper output) : IClassFixture<ExplainedJoins>
{
    [Theory]
    [InlineData("pairs", "0:0", "0:0", "joined", "known", "joined: pairs/0@")]
    [InlineData("pairs", "a", "a", "joined", "known", "joined: pairs/0@")]
    [InlineData("pairs", "id=l-a", "id=r-a", "joined", "known", "Left 0:0 (key a, 10:00:00 UTC) and right 0:0 (10:00:05 UTC) joined")]
    [InlineData("pairs", "0:0", null, "joined", "known", "Left 0:0 (key a, 10:00:00 UTC) joined right 0:0 (10:00:05 UTC)")]
    [InlineData("pairs", "right:0:0", null, "joined", "known", "Right 0:0 (key a, 10:00:05 UTC) joined left 0:0 (10:00:00 UTC)")]
    [InlineData("pairs", "0:1", "0:0", "duplicate", "inferred", "is a duplicate: left 0:0 came first with the same key and id.")]
    [InlineData("pairs", "0:2", "0:0", "id-conflict", "known", "has the id of a record that came first with another time")]
    [InlineData("pairs", "0:3", "0:0", "filtered", "inferred", "leaves left 0:3 out: tier is null does not hold: tier is 'tin'.")]
    [InlineData("pairs", "0:4", "0:0", "dead-letter", "known", "Left 0:4 is a dead letter, malformed-json")]
    [InlineData("pairs", "0:5", "0:0", "null-key", "inferred", "The key of left 0:5 (10:00:01 UTC) is null: 'k' is missing or null.")]
    [InlineData("pairs", "0:6", "0:1", "keys-differ", "inferred", "they differ in case.")]
    [InlineData("pairs", "0:6", "0:2", "outside-window", "inferred", "lie 19 s apart; the window allows 10 s after. They miss it by 9 s.")]
    [InlineData("pairs", "0:6", null, "outside-window", "known", "came out without a partner: pairs/0@")]
    [InlineData("pairs", "0:7", "0:3", "where-false", "inferred", "left.c is 'DE', right.c is 'AT'")]
    [InlineData("pairs", "0:8", "0:8", "late", "known", "was late by 175 s: W_right was 10:03:20 UTC, held by r/0. Left 0:8 had gone")]
    [InlineData("pairs", "0:999", "0:8", "no-such-position", "known", "There is no left 0:999 yet: the next record of l/0 gets offset 13.")]
    [InlineData("pairs", "7:0", null, "no-such-position", "known", "There is no left 7:0: l has partition 0 alone.")]
    [InlineData("pairs", "0:12", null, "joined", "known", "")]
    [InlineData("inner", "0:6", null, "no-row-by-type", "known", "a join of the type inner gives no row for a left without a partner")]
    [InlineData("credit", "0:9", "0:4", "joined", "known", "Right 0:4 (key f, 10:00:03 UTC) took left 0:9 (10:00:00 UTC), and 1 other left:")]
    [InlineData("credit", "0:10", "0:4", "beyond-max-lefts", "inferred", "took 2 lefts, and its row shows the first 1: max-lefts = 1.")]
    [InlineData("credit", "0:9", "0:5", "credited-elsewhere", "known", "The right at 10:00:03 UTC took left 0:9")]
    [InlineData("credit", "0:8", "0:8", "late-right", "known", "A late right gives a row only with lefts that no other right has")]
    [InlineData("fresh", "0:0", "0:0", "not-read", "known", "lies before the join's start: the join began with l/0 at offset 1")]
    public async Task A_reason_is_told_as_it_happened(string join, string left, string? right, string code, string certainty, string words)
    {
        var found = await joins.ExplainAsync(join, left, right);
        output.WriteLine(found.Text);
        foreach (var evidence in found.Evidence)
            output.WriteLine($"  {evidence.Source}: {evidence.Text}");
        Assert.Equal((code, certainty), (Word(found.Reason), Word(found.Certainty)));
        Assert.Contains(words, found.Text, StringComparison.Ordinal);
        Assert.True(found.Evidence.Count > 0 || found.Reason == ExplainReason.NoSuchPosition, "there is no evidence");
    }

    static string Word<T>(T value)
        where T : struct, Enum => Pipeline.Settings.SettingWords.Of(value);
}

/// <summary>What is told where topics have lost what tells it.</summary>
public sealed class ExplainOfTrimmedTopicsTests(ExplainedJoins joins) : IClassFixture<ExplainedJoins>
{
    [Fact]
    public async Task What_is_deleted_is_told_as_gone_and_what_it_told_as_unknown()
    {
        joins.Trim("pairs.late"); // the id conflict and the late right
        var closed = await joins.ExplainAsync("pairs", "0:8", "0:8");
        Assert.Equal((ExplainReason.Closed, Certainty.Known), (closed.Reason, closed.Certainty));
        Assert.Contains("Left 0:8 (key w, 10:00:21 UTC) came out without a partner, as pairs/0@", closed.Text, StringComparison.Ordinal);

        joins.Trim("pairs");
        var unknown = await joins.ExplainAsync("pairs", "0:0", "0:0");
        Assert.Equal((ExplainReason.Unknown, Certainty.Inferred), (unknown.Reason, unknown.Certainty));
        Assert.Contains("can no longer be told: ", unknown.Text, StringComparison.Ordinal);

        joins.Trim("l");
        var gone = await joins.ExplainAsync("pairs", "0:0", "0:0");
        Assert.Equal((ExplainReason.Gone, Certainty.Known), (gone.Reason, gone.Certainty));
    }

    [Fact]
    public async Task Three_at_once_are_one_too_many()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => joins.ExplainAsync("pairs", "0:7", "0:3")).ToList();
        var refused = await Assert.ThrowsAsync<Cockpit.CommandException>(() => asked[2]);
        Assert.Contains("2 searches of topics are under way on this node", refused.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(asked[0], asked[1]), found => Assert.NotEmpty(found.Text));
    }
}
