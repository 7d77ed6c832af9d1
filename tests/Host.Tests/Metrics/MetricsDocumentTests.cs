using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using AkkaJoin.Pipeline;
using AkkaJoin.Shards;
using Xunit;

namespace AkkaJoin.Host.Tests.Metrics;

/// <summary>docs/metrics.md and the instruments say the same.</summary>
public sealed class MetricsDocumentTests
{
    [Fact]
    public void Every_instrument_stands_in_the_document_with_its_kind_and_unit_and_no_other_does()
    {
        var documented = File.ReadLines(DocumentPath()).Where(line => line.StartsWith("| `akkajoin.", StringComparison.Ordinal))
            .Select(line => line.Split('|')).Select(cells => $"{cells[1].Trim()} {cells[2].Trim()} {cells[3].Trim()}");
        Assert.Equal(Instruments().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    static HashSet<string> Instruments()
    {
        foreach (var owner in new[] { typeof(ShardsMetrics), typeof(PipelineMetrics) })
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
        Counter<long> or ObservableCounter<long> => "counter",
        ObservableGauge<long> => "gauge",
        _ => "histogram",
    };

    static string DocumentPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "metrics.md");
}
