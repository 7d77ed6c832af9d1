using System.Text.Json;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Histograms;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Advice;

public sealed class TimeAdvisorTests
{
    const string Limit = "akkajoin.joins.j.max-out-of-orderness";

    [Fact]
    public void Where_too_many_are_late_the_least_limit_is_advised_that_ends_it_with_its_price()
    {
        var report = Usual().Records(Side.Left, 3, 20_000, 45_000).Advise();
        Assert.Equal(new AdviceSetting(Limit, "1 min"), report.Setting);
        Assert.Equal(
            "Set max-out-of-orderness = 1 min: 0 % of the lefts would be late instead of 16.67 %, unmatched rows would come 30.0 s later, "
                + "and the state would be about 108.4 MiB instead of 100.0 MiB.",
            report.Advice);
        Assert.Equal((3, 45_000), (report.Left.WorstPartition, report.Left.MaxDisorderMs));
        Assert.Null(report.Right.WorstPartition);
    }

    [Fact]
    public void Each_choice_says_who_is_late_how_long_unmatched_rows_take_and_how_large_the_state_is()
    {
        var report = Usual().Lags(40_000, 70_000).Records(Side.Right, 0, 5_000, 400_000).Advise("type = full");
        Assert.Equal([1, 5, 30, 60, 300, 900, 3_600], report.Choices.Select(choice => choice.MaxOutOfOrdernessMs / 1_000));
        Assert.Equal([5.0 / 105, 5.0 / 105, 5.0 / 105, 5.0 / 105, 5.0 / 105, 0, 0], report.Choices.Select(choice => choice.RightLateShare));
        var present = report.Choices.Single(choice => choice.IsPresent);
        Assert.Equal(30_000, present.MaxOutOfOrdernessMs);

        // A left waits for the right time: after, and what that is behind. A right waits for the left time.
        Assert.InRange(present.LeftDelayMs!.Value, 670_000, 680_000);
        Assert.InRange(present.RightDelayMs!.Value, 40_000, 45_000);
        Assert.Equal(100 * 1_048_576, present.StateBytes);
        foreach (var (less, more) in report.Choices.Zip(report.Choices.Skip(1)))
        {
            var longer = more.MaxOutOfOrdernessMs - less.MaxOutOfOrdernessMs;
            Assert.Equal((longer, longer), (more.LeftDelayMs - less.LeftDelayMs, more.RightDelayMs - less.RightDelayMs));
            Assert.True(less.StateBytes < more.StateBytes);
        }
    }

    [Theory]
    [InlineData("type = inner", false, false)]
    [InlineData("type = left", true, false)]
    [InlineData("type = right", false, true)]
    [InlineData("type = attribution", true, true)]
    public void A_delay_is_said_of_sides_that_have_unmatched_rows(string join, bool left, bool right) => Assert.All(
        Usual().Advise(join).Choices,
        choice => Assert.Equal((left, right), (choice.LeftDelayMs is not null, choice.RightDelayMs is not null)));

    [Fact]
    public void Where_no_limit_helps_the_advice_is_to_look_for_a_time_that_ran_ahead()
    {
        var report = Usual().Records(Side.Left, 0, 200_000, 86_400_000).Advise();
        Assert.Null(report.Setting);
        Assert.Contains("lie further below the highest time of their partition than 1 h", report.Advice, StringComparison.Ordinal);
        Assert.Contains("set akkajoin.joins.j.max-jump if", report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void With_repair_a_record_is_late_behind_repair_for_and_that_is_advised()
    {
        var made = Usual().Records(Side.Right, 0, 5_000, 45_000);
        Assert.Equal("Nothing to change.", made.Advise("type = left, late { policy = repair, repair-for = 1m }").Advice);
        var report = made.Advise("type = left, late { policy = repair, repair-for = 1s }");
        Assert.Equal(new AdviceSetting("akkajoin.joins.j.late.repair-for", "15 s"), report.Setting);
        Assert.StartsWith(
            "Set late.repair-for = 15 s: 4.76 % of the rights come too late for a repair", report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_whose_last_tenth_has_many_pairs_is_too_narrow()
    {
        var report = Usual().Pairs(300, 580_000).Advise();
        Assert.Equal(new AdviceSetting("akkajoin.joins.j.after", "20 min"), report.Setting);
        Assert.Contains("5.66 % of the pairs lie in the last tenth of after = 10 min", report.Advice, StringComparison.Ordinal);
        Assert.Equal((5_300, null), (report.Window.Pairs, report.Window.Before));
    }

    [Fact]
    public void A_limit_that_no_record_needs_is_told_with_what_it_costs()
    {
        var report = new MadeTimes().Records(Side.Left, 0, 50_000, 400).Records(Side.Right, 0, 50_000, 0).Advise();
        Assert.Equal(new AdviceSetting(Limit, "1 s"), report.Setting);
        Assert.StartsWith(
            "Set max-out-of-orderness = 1 s: none of 100,000 records came more than 400 ms behind, unmatched rows would come "
                + "29.0 s earlier",
            report.Advice,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_of_which_half_has_all_pairs_is_too_wide()
    {
        var report = new MadeTimes().Records(Side.Left, 0, 50_000, 20_000).Records(Side.Right, 0, 50_000, 0).Pairs(2_000, 300_000).Advise();
        Assert.Equal(new AdviceSetting("akkajoin.joins.j.after", "5 min"), report.Setting);
        Assert.Contains("all 2,000 pairs lie within it", report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_window_without_a_length_nothing_is_said() => Assert.DoesNotContain(
        "pairs", Usual().Equal(2_000).Advise("type = left, after = 0s").Advice, StringComparison.Ordinal);

    [Fact]
    public void Too_few_records_say_nothing()
    {
        var report = new MadeTimes().Records(Side.Left, 0, 999, 400_000).Advise();
        Assert.True(report.IsTooFew);
        Assert.Equal("Too few records to advise: 999 records since 2019-11-12T08:35:30.000Z; ask again after 1,000.", report.Advice);
        Assert.DoesNotContain("lefts late", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_advised_where_all_is_well() => Assert.Equal("Nothing to change.", Usual().Advise().Advice);

    [Fact]
    public void Old_records_have_delays_as_if_they_were_read_when_they_happened()
    {
        var report = Usual().Lags(220_000_000_000, 220_000_000_000).Advise();
        Assert.True(report.IsHistory);
        Assert.Equal(630_000, report.Choices.Single(choice => choice.IsPresent).LeftDelayMs);
    }

    [Fact]
    public void The_figures_of_nodes_add_up_as_they_come_as_JSON_and_what_cannot_be_read_does_not_count()
    {
        var one = JsonSerializer.Serialize(Usual().Figures(), CockpitJson.Options);
        var other = JsonSerializer.Deserialize<TimeFigures>(one, CockpitJson.Options)!;
        var report = Usual().Advise("type = left", other, new TimeFigures(null, null!, null!, null!, null!), OfAnotherLayout());
        Assert.Equal((200_000, 10_000), (report.Left.Records, report.Window.Pairs));
        Assert.Equal(0.01, report.Choices[0].LeftLateShare);

        static TimeFigures OfAnotherLayout() => new(
            MadeTimes.NowMs,
            [
                new PartitionDisorder(Side.Left, 0, new HistogramFigures(2, 1, [1], [1])),
                new PartitionDisorder(Side.Left, 0, new HistogramFigures(LogHistogram.Layout, 1, [-1], [1])),
                new PartitionDisorder(Side.Left, 0, new HistogramFigures(LogHistogram.Layout, 1, [1], [])),
            ],
            [new PairFigures(0, 600_000, [1], []), new PairFigures(0, 1, new long[100], new long[100])],
            new HistogramFigures(2, 1, [1], [1]),
            new HistogramFigures(2, 1, [1], [1]));
    }

    [Fact]
    public void The_advice_is_a_table_and_a_sentence()
    {
        var report = Usual().Lags(40_000, 70_000).Records(Side.Left, 3, 5_000, 45_000).Advise();
        Assert.Equal(
            $"""
            j: from 205,000 records and 5,000 pairs since 2019-11-12T08:35:30.000Z (1 h 20 min)
              left shown: 105,000 records, out of order by 45.0 s at most; most late ones are of shown/3
                its time is mostly 40.0 s behind the clock, 99 of 100 times 40.0 s at most
              right played: 100,000 records, out of order by 0 ms at most
                its time is mostly 1 min 10 s behind the clock, 99 of 100 times 1 min 10 s at most
              max-out-of-orderness  lefts late  rights late  unmatched lefts after  unmatched rights after        state
                               1 s      5.71 %          0 %            10 min 41 s                       -     95.6 MiB
                               5 s      5.71 %          0 %            10 min 45 s                       -     96.2 MiB
                              30 s      4.76 %          0 %            11 min 10 s                       -    100.0 MiB  <- now
                             1 min         0 %          0 %            11 min 40 s                       -    108.9 MiB
                             5 min         0 %          0 %            15 min 40 s                       -    179.9 MiB
                            15 min         0 %          0 %            25 min 40 s                       -    357.4 MiB
                               1 h         0 %          0 %             1 h 10 min                       -  1,156.1 MiB
              after = 10 min: 0 % of the pairs lie in its last tenth; 99.00 % would be left with 5 min
            advice: {report.Advice}
              akkajoin.joins.j.max-out-of-orderness = 1 min

            """,
            Text(report));
    }

    // Ordered but for 1 % of the lefts, 20 s behind; pairs that lie at the beginning of the window, some further.
    static MadeTimes Usual() => new MadeTimes()
        .Records(Side.Left, 0, 99_000, 0).Records(Side.Left, 1, 1_000, 20_000).Records(Side.Right, 0, 100_000, 0)
        .Pairs(4_950, 10_000).Pairs(50, 400_000);

    static string Text(AdviceReport report)
    {
        using var output = new StringWriter();
        AdviceText.Write(report, output);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
