using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Host.Tests.Explaining;

/// <summary>Late records, dead letters and rows that real joins wrote.</summary>
public sealed class OutputsOnJoinTests(ExplainedJoins joins, ITestOutputHelper output) : IClassFixture<ExplainedJoins>
{
    [Fact]
    public async Task Late_records_are_told_the_newest_first_with_what_held_the_watermark()
    {
        var report = await joins.CopiesAsync("pairs", new CopiesRequest(AreDeadLetters: false, 50, null, WithValues: false));
        Show(report, CopiesText.WriteLate);
        Assert.Equal(["late", "id-conflict"], report.Copies.Select(copy => copy.Reason));
        var (late, conflict) = (report.Copies[0], report.Copies[1]);
        Assert.Equal(("w", "r-w", ExplainedJoins.Ten + 25_000, null), (late.Key, late.Id, late.TimeMs, late.Value));
        Assert.Equal(new CopiedRecord(Side.Right, "r", 0, 8, "right:0:8"), late.Source);
        Assert.Equal(new LatenessReport(175_000, ExplainedJoins.Ten + 200_000, "r/0", 0), late.Lateness);
        Assert.Equal(("a", "l-a", "left:0:2", null), (conflict.Key, conflict.Id, conflict.Source?.Reference, conflict.Lateness));
        Assert.Equal(SearchStop.End, report.Read.Stop);
        var explained = await joins.ExplainAsync("pairs", late.Source!.Reference!);
        Assert.Contains("was late by 175 s", explained.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_says_what_is_wrong_and_shows_its_value_to_whoever_asks_for_it()
    {
        var report = await joins.CopiesAsync("pairs", new CopiesRequest(AreDeadLetters: true, 50, null, WithValues: true));
        Show(report, CopiesText.WriteDead);
        var dead = Assert.Single(report.Copies);
        Assert.Equal(("malformed-json", "left:0:4", "no JSON", 7), (dead.Reason, dead.Source?.Reference, dead.Value, dead.ValueLength));
        Assert.NotEmpty(dead.Detail!);
        Assert.Null(dead.TimeMs);
    }

    [Theory]
    [InlineData("id-conflict", 1)]
    [InlineData("late", 1)]
    [InlineData("bad-time", 0)]
    public async Task A_reason_leaves_the_others_out(string reason, int count) => Assert.Equal(
        count, (await joins.CopiesAsync("pairs", new CopiesRequest(AreDeadLetters: false, 50, reason, WithValues: false))).Copies.Count);

    [Fact]
    public async Task The_last_rows_of_a_key_are_told()
    {
        var joined = await joins.RowsAsync("pairs", "a", 10);
        var row = Assert.Single(joined.Rows);
        Assert.Equal(("matched", ExplainedJoins.Ten + 5_000), (row.Kind, row.TimeMs));
        Assert.NotNull(row.Id);
        Assert.Contains("\"left\"", row.Value, StringComparison.Ordinal);
        Assert.Equal("unmatched", Assert.Single((await joins.RowsAsync("pairs", "b", 10)).Rows).Kind);
        var none = await joins.RowsAsync("pairs", "nobody's key", 10);
        Assert.Equal((0, SearchStop.End), (none.Rows.Count, none.Read!.Stop));
    }

    void Show(CopiesReport report, Action<CopiesReport, TextWriter> write)
    {
        using var text = new StringWriter();
        write(report, text);
        output.WriteLine(text.ToString());
    }
}
