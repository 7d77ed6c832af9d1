using System.Diagnostics.Metrics;
using AkkaJoin.Shards.Metering;
using OpenTelemetry.Metrics;

namespace AkkaJoin.Cockpit.Telemetry;

/// <summary>The buckets of the histograms, by unit, and how many series an instrument may have.</summary>
static class HistogramBuckets
{
    // The limit of others, OpenTelemetry's own, is 2,000.
    const int PartitionSeriesMax = 10_000;

    /// <summary>Seconds: from 1 ms to 60 s.</summary>
    internal static double[] Seconds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>
    /// Seconds of a row's latency: from 5 ms to a day, since an unmatched row waits until its window has closed.
    /// </summary>
    internal static double[] LatencySeconds { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

    /// <summary>Bytes: from 256 B to 64 MiB, each four times the one before.</summary>
    internal static double[] Bytes { get; } = [.. Enumerable.Range(0, 10).Select(i => (double)(256L << (2 * i)))];

    /// <summary>How an instrument is collected; null = as it is by default.</summary>
    internal static MetricStreamConfiguration? Of(Instrument instrument)
    {
        if (instrument.Meter.Name != ShardsMetrics.MeterName)
            return null;
        if (instrument.Name.StartsWith("akkajoin.partition.", StringComparison.Ordinal))
            return new MetricStreamConfiguration { CardinalityLimit = PartitionSeriesMax };
        return IsHistogram(instrument) ? new ExplicitBucketHistogramConfiguration { Boundaries = BoundariesOf(instrument) } : null;
    }

    static double[] BoundariesOf(Instrument instrument) => instrument switch
    {
        { Unit: "By" } => Bytes,
        { Name: "akkajoin.row.latency" } => LatencySeconds,
        _ => Seconds,
    };

    static bool IsHistogram(Instrument instrument) => instrument is Histogram<double> or Histogram<long>;
}
