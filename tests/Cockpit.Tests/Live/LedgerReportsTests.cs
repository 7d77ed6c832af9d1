using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Join;
using Xunit;
using static AkkaJoin.Cockpit.Tests.Live.SampleJoin;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class LedgerReportsTests
{
    static readonly SideLedger Fates =
        new() { Received = 21, Matched = 6, Unmatched = 5, Expired = 4, Late = 3, Duplicate = 2, Waiting = 1 };

    [Fact]
    public void The_fates_of_all_key_groups_add_up_to_what_was_received()
    {
        var report = Of([Group(0, Fates, default), Group(1, Fates, Fates)]);
        Assert.Equal((42, 12, 10, 8, 6, 4, 2, 0), (
            report.Left.Received, report.Left.Matched, report.Left.Unmatched, report.Left.Expired, report.Left.Late, report.Left.Duplicates,
            report.Left.Waiting, report.Left.Difference));
        Assert.Equal((21, 0), (report.Right.Received, report.Right.Difference));
        Assert.Equal(3, report.Left.NullKeys);
        Assert.True(report.IsEqual);
    }

    [Fact]
    public void A_difference_is_shown()
    {
        var report = Of([Group(0, Fates with { Received = 23 }, default)]);
        Assert.Equal((2, false), (report.Left.Difference, report.IsEqual));
        Assert.Contains("differs by 2", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        var report = LedgerReports.Of(
            Settings(),
            [Group(0, Fates, Fates), new KeyGroupAnswer(1, null, null)],
            [Reply(First, Source("shown", 0, Side.Left, new FatesReport(10, 7, 2, 1))), Missing(Second)]);
        var text = Text(report);
        Assert.Contains("not counted: key group 1, without an answer", text, StringComparison.Ordinal);
        Assert.Contains("missing: 10.0.0.2:4053: no answer within 2 s", text, StringComparison.Ordinal);
        Assert.Contains("left  shown/0    10.0.0.1:4053    10       7             2         1  equal", text, StringComparison.Ordinal);
    }

    static LedgerReport Of(IReadOnlyList<KeyGroupAnswer> groups) => LedgerReports.Of(
        Settings(), groups, [Reply(First, Source("shown", 0, Side.Left, new FatesReport(10, 7, 2, 1)))]);

    static string Text(LedgerReport report)
    {
        using var output = new StringWriter();
        LedgerText.Write(report, output);
        return output.ToString();
    }
}
