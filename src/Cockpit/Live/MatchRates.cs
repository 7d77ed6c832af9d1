using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// Which share of the records of a side find a partner, of those of which it is known, now and in the hour before. A
/// side whose share falls to less than half all at once has mostly a cause outside the join: a key that is written
/// otherwise, a producer that died, a clock.
/// </summary>
static class MatchRates
{
    /// <summary>How long now is.</summary>
    internal const long NowMs = 600_000;

    /// <summary>Of fewer records nothing is concluded.</summary>
    internal const long RecordsMin = 1_000;

    const long BeforeMs = 3_600_000;

    // A share of the share before: below the first it is a warning, and above the second it is over.
    const double Sudden = 0.5, Mended = 0.75;

    /// <summary>The rates of a side.</summary>
    /// <param name="points">The points of the last 70 minutes.</param>
    /// <param name="side">The side.</param>
    /// <param name="nowMs">ms since the epoch.</param>
    internal static MatchRateReport Of(IReadOnlyList<SeriesPoint> points, Side side, long nowMs)
    {
        var now = Sum(points, side, nowMs - NowMs, nowMs);
        var before = Sum(points, side, nowMs - NowMs - BeforeMs, nowMs - NowMs);
        return new MatchRateReport(Share(now), Share(before), now.Decided, before.Decided);
    }

    /// <summary>Whether a rate is suddenly lower.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="wasLow">Whether it was so at the last look: it stays so until it has mended.</param>
    internal static bool IsLow(MatchRateReport rate, bool wasLow)
    {
        if (rate.Now is not { } now || rate.HourBefore is not { } before)
            return wasLow;
        if (rate.DecidedNow < RecordsMin || rate.DecidedBefore < RecordsMin)
            return wasLow;
        return now < before * (wasLow ? Mended : Sudden);
    }

    static SidePoint Sum(IReadOnlyList<SeriesPoint> points, Side side, long fromMs, long toMs) => points
        .Where(p => p.AtMs >= fromMs && p.AtMs < toMs)
        .Aggregate(SidePoint.None, (sum, p) => sum + (side == Side.Left ? p.Left : p.Right));

    static double? Share(SidePoint sum) => sum.Decided == 0 ? null : (double)sum.Matched / sum.Decided;
}
