using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Puts the series of the nodes together, and reckons rates of them.</summary>
static class SeriesMerger
{
    /// <summary>The points of all nodes, added up by time. Clocks that differ by seconds do no harm.</summary>
    internal static IReadOnlyList<SeriesPoint> Points(IReadOnlyList<NodeSeries> nodes) => nodes is [var only] ? only.Points :
    [
        .. nodes.SelectMany(node => node.Points).GroupBy(point => point.AtMs).OrderBy(points => points.Key)
            .Select(points => points.Aggregate((a, b) => a + b)),
    ];

    /// <summary>The minutes of event time of all nodes.</summary>
    internal static IReadOnlyList<TakePoint> TakeRate(IEnumerable<NodeSeries> nodes) =>
    [
        .. nodes.SelectMany(node => node.TakeRate).GroupBy(point => point.MinuteMs).OrderBy(points => points.Key)
            .Select(points => new TakePoint(points.Key, points.Sum(p => p.Shown), points.Sum(p => p.Taken))),
    ];

    /// <summary>The rates over the points of some minutes that are over.</summary>
    /// <param name="points">By time.</param>
    /// <param name="nowMs">ms since the epoch by the wall clock.</param>
    /// <param name="minutes">How many minutes.</param>
    internal static RateReport Rates(IReadOnlyList<SeriesPoint> points, long nowMs, int minutes)
    {
        var open = nowMs - (nowMs % JoinSampler.StepMs);
        var from = open - (minutes * 60_000L);
        var within = points.Where(p => p.AtMs >= from && p.AtMs < open).ToList();
        if (within.Count == 0)
            return RateReport.None;
        var seconds = (open - within[0].AtMs) / 1000.0;
        return new RateReport(
            seconds,
            within.Sum(p => p.ReadLeft) / seconds,
            within.Sum(p => p.ReadRight) / seconds,
            within.Sum(p => p.Rows) / seconds,
            within.Sum(p => p.Left.Late + p.Right.Late) / seconds);
    }
}
