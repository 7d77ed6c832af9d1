using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Makes the answer to the question <c>time-figures</c> of what counts on this node.</summary>
static class NodeTimes
{
    /// <param name="router">The router; null = it does not run.</param>
    /// <param name="gauges">The key groups of this node; null = they do not run.</param>
    /// <param name="lags">How far time is behind.</param>
    internal static TimeFigures Of(RouterStatus? router, JoinGauges? gauges, LagSampler lags) => new(
        lags.SinceMs,
        router is null ? [] : [.. Partitions(router)],
        [.. Pairs(gauges)],
        HistogramFigures.Of(lags.Left),
        HistogramFigures.Of(lags.Right));

    static IEnumerable<PartitionDisorder> Partitions(RouterStatus router) => router.Partitions
        .SelectMany(p => p.Disorder.Select(d => (d.Side, Partition: (int?)p.Number, d.Ms)))
        .Append((Side.Left, null, router.LeftDisorderOfGone))
        .Append((Side.Right, null, router.RightDisorderOfGone))
        .Where(p => p.Ms.Count > 0)
        .Select(p => new PartitionDisorder(p.Side, p.Partition, HistogramFigures.Of(p.Ms)));

    static IEnumerable<PairFigures> Pairs(JoinGauges? gauges) => (gauges?.Groups ?? [])
        .Select(group => group.Distances.Counts).OfType<WindowHistogram>().Select(PairFigures.Of)
        .GroupBy(pairs => (pairs.LowestMs, pairs.HighestMs)).Select(same => same.Aggregate((a, b) => a + b));
}
