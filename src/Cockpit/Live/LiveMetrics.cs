using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Cockpit.Live;

/// <summary>The metrics of what is live; docs/metrics.md describes them, and a test compares.</summary>
static class LiveMetrics
{
    static readonly ConcurrentDictionary<(string Join, Side Side), double> Rates = [];

    // Kept so that the instruments live as long as the process.
    internal static readonly Instrument[] Observed =
    [
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.join.match_rate",
            Measure,
            "1",
            "Records of a side that found a partner, per record of which it is known, in the last ten minutes on this node."),
    ];

    /// <summary>The rate of a side now; null = nothing is known.</summary>
    internal static void Show(string join, Side side, double? rate)
    {
        if (rate is { } known)
            Rates[(join, side)] = known;
        else
            Rates.TryRemove((join, side), out _);
    }

    static IEnumerable<Measurement<double>> Measure() => Rates.Select(rate => new Measurement<double>(
        rate.Value,
        new KeyValuePair<string, object?>("join", rate.Key.Join),
        new KeyValuePair<string, object?>("side", rate.Key.Side == Side.Left ? "left" : "right")));
}
