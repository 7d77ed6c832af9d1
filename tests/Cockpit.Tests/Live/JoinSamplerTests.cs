using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class JoinSamplerTests
{
    const long Start = 1_573_552_530_000;
    readonly JoinGauges _gauges = new("j", 2);
    SideLedger _ledger;

    [Fact]
    public void Only_what_a_key_group_gains_here_counts_and_points_are_ten_seconds()
    {
        var sampler = new JoinSampler(isAttribution: false);
        Count(received: 1_000, matched: 900, rows: 900);
        sampler.Look(Start, null, _gauges);
        Count(received: 30, matched: 20, rows: 20);
        sampler.Look(Start + 2_000, null, _gauges);
        Count(received: 5, matched: 5, rows: 5);
        sampler.Look(Start + 10_000, null, _gauges);
        var points = sampler.Series(0).Points;
        Assert.Equal([Start, Start + 10_000], points.Select(p => p.AtMs));
        Assert.Equal([30, 5], points.Select(p => p.Left.Received));
        Assert.Equal([20, 5], points.Select(p => p.Rows));
        Assert.Equal([9, 9], points.Select(p => p.Buffered));
    }

    [Fact]
    public void No_more_than_75_minutes_are_kept()
    {
        var sampler = new JoinSampler(isAttribution: false);
        for (var i = 0; i < 1_000; i++)
            sampler.Look(Start + (i * JoinSampler.StepMs), null, _gauges);
        var points = sampler.Series(0).Points;
        Assert.Equal(450, points.Count);
        Assert.Equal(Start + (999 * JoinSampler.StepMs), points[^1].AtMs);
    }

    [Fact]
    public void The_take_rate_of_a_minute_of_event_time_is_what_was_taken_of_what_was_shown()
    {
        var sampler = new JoinSampler(isAttribution: true);
        Count(0, 0, 0);
        sampler.Look(Start, null, _gauges);
        Count(received: 200, matched: 50, rows: 0);
        sampler.Look(Start + 2_000, null, _gauges);
        var minute = Assert.Single(sampler.Series(0).TakeRate);
        Assert.Equal((Start - (Start % 60_000), 200, 50, 0.25), (minute.MinuteMs, minute.Shown, minute.Taken, minute.Rate));
    }

    [Fact]
    public void The_points_of_two_nodes_add_up_and_give_rates()
    {
        SeriesPoint[] first =
            [.. Enumerable.Range(0, 12).Select(i => new SeriesPoint(Start + (i * 10_000L)) { ReadLeft = 100, Rows = 10 })];
        var points = SeriesMerger.Points([new NodeSeries(first, []), new NodeSeries(first[6..], [])]);
        Assert.Equal(12, points.Count);
        var rates = SeriesMerger.Rates(points, Start + 121_000, 1);
        Assert.Equal((60.0, 20.0, 2.0), (rates.Seconds, rates.ReadLeft, rates.Rows));
        Assert.Equal(120.0, SeriesMerger.Rates(points, Start + 121_000, 15).Seconds);
    }

    [Fact]
    public void A_match_rate_that_falls_to_less_than_half_of_the_hour_before_is_low_until_it_has_mended()
    {
        Assert.False(IsLow(matchedNow: 60, wasLow: false));
        Assert.True(IsLow(matchedNow: 40, wasLow: false));
        Assert.True(IsLow(matchedNow: 60, wasLow: true));
        Assert.False(IsLow(matchedNow: 80, wasLow: true));
        Assert.False(MatchRates.IsLow(new MatchRateReport(0, 1, 10, 10_000), wasLow: false));

        static bool IsLow(long matchedNow, bool wasLow)
        {
            var points = Enumerable.Range(0, 420).Select(i => new SeriesPoint(Start + (i * 10_000L))
            {
                Left = i >= 360 ? new SidePoint(0, matchedNow, 100 - matchedNow, 0, 0, 0) : new SidePoint(0, 100, 0, 0, 0, 0),
            });
            var rate = MatchRates.Of([.. points], Side.Left, Start + (420 * 10_000L));
            Assert.Equal((matchedNow / 100.0, 1.0), (rate.Now, rate.HourBefore));
            return MatchRates.IsLow(rate, wasLow);
        }
    }

    // Of the left side of key group 0.
    void Count(long received, long matched, long rows)
    {
        var gauge = _gauges.Groups[0];
        _ledger.Received += received;
        _ledger.Matched += matched;
        gauge.Left.Count(_ledger);
        gauge.Rows += rows;
        gauge.Records = 9;
        gauge.LeftWatermark = gauge.RightWatermark = Start;
        gauge.Runs = true;
    }
}
