using AkkaJoin.Cockpit.Telemetry;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Outputs;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>
/// What the latency of rows costs as a metric, per row, with the listener that a node has. Of an event the first row of
/// sixteen is measured: a row that is an event of its own always is.
/// </summary>
public class LatencyBenchmarks
{
    const int RowsOfLarge = 160;
    readonly string _join = "j";
    CockpitTelemetry _telemetry = null!;

    /// <summary>Listens, as a node does.</summary>
    [GlobalSetup]
    public void Listen() => _telemetry = CockpitTelemetry.Start();

    /// <summary>Listens no more.</summary>
    [GlobalCleanup]
    public void Stop() => _telemetry.Dispose();

    /// <summary>An event of one row.</summary>
    [Benchmark]
    public void RowOfItsOwn() => OutputMetrics.Written(Sampled(1), _join);

    /// <summary>An event of 160 rows.</summary>
    [Benchmark(OperationsPerInvoke = RowsOfLarge)]
    public void RowOfMany() => OutputMetrics.Written(Sampled(RowsOfLarge), _join);

    static List<(RowKind Kind, long TimeMs)>? Sampled(int rows)
    {
        List<(RowKind Kind, long TimeMs)>? sampled = null;
        for (var i = 0; i < rows; i++)
        {
            if ((i & (OutputMetrics.SampledOf - 1)) == 0 && OutputMetrics.IsWatched)
                (sampled ??= []).Add((RowKind.Matched, 1_573_552_800_000));
        }

        return sampled;
    }
}
