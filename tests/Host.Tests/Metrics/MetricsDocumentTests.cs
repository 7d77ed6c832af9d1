using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Metering;
using Xunit;

namespace AkkaJoin.Host.Tests.Metrics;

/// <summary>docs/metrics.md and the instruments say the same.</summary>
public sealed class MetricsDocumentTests
{
    [Fact]
    public void Every_instrument_stands_in_the_document_with_its_kind_and_unit_and_no_other_does()
    {
        var documented = File.ReadLines(DocumentPath()).TakeWhile(line => line != "## Spans").Where(line => line.StartsWith("| `akkajoin.", StringComparison.Ordinal))
            .Select(line => line.Split('|')).Select(cells => $"{cells[1].Trim()} {cells[2].Trim()} {cells[3].Trim()}");
        Assert.Equal(Instruments().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    static HashSet<string> Instruments()
    {
        Type[] owners =
        [
            typeof(ShardsMetrics), typeof(RoutingMetrics), typeof(ClusteringMetrics), typeof(OutputMetrics), typeof(LiveMetrics),
        ];
        foreach (var owner in owners)
            RuntimeHelpers.RunClassConstructor(owner.TypeHandle);
        var instruments = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ShardsMetrics.MeterName)
                    instruments.Add($"`{instrument.Name}` {Kind(instrument)} `{instrument.Unit}`");
            },
        };
        listener.Start();
        return instruments;
    }

    static string Kind(Instrument instrument) => instrument switch
    {
        Counter<long> or ObservableCounter<long> or ObservableCounter<double> => "counter",
        ObservableGauge<long> or ObservableGauge<double> => "gauge",
        _ => "histogram",
    };

    static string DocumentPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "metrics.md");
}
