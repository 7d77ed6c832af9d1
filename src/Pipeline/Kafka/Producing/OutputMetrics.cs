using System.Diagnostics.Metrics;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>The metrics of the rows on their way to the broker; docs/metrics.md describes them.</summary>
static class OutputMetrics
{
    /// <summary>
    /// Of so many rows of an event one is measured, the first of them: a row costs a look at its number. A power of 2.
    /// </summary>
    internal const int SampledOf = 16;

    internal static readonly Histogram<double> RowLatency = ShardsMetrics.Meter.CreateHistogram<double>(
        "akkajoin.row.latency",
        "s",
        "From the later event time of a row until the broker has it and the other rows of its event; of every 16th row.");

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsWatched => RowLatency.Enabled;

    /// <summary>The broker has the rows of an event.</summary>
    /// <param name="rows">
    /// Some of them, each with the later of its event times, ms since the epoch; null = none.
    /// </param>
    /// <param name="join">The join's name.</param>
    internal static void Written(IReadOnlyList<(RowKind Kind, long TimeMs)>? rows, string join)
    {
        if (rows is null)
            return;
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var (kind, timeMs) in rows)
            RowLatency.Record(Math.Max(0, nowMs - timeMs) / 1_000.0, new("join", join), new("row", Name(kind)));
    }

    static string Name(RowKind kind) => kind switch
    {
        RowKind.Matched => "matched",
        RowKind.Unmatched => "unmatched",
        RowKind.Repaired => "repaired",
        _ => "late_joined",
    };
}
