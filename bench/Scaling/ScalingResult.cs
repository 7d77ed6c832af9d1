using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Scaling;

/// <summary>The figures of one node and of several, in the same invocation.</summary>
sealed record ScalingResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required ScalingOptions Options { get; init; }

    public required IReadOnlyList<ScalingFigures> Runs { get; init; }

    /// <summary>CPU per record of several nodes against that of one; medians.</summary>
    public double Ratio => Median(Options.Nodes) / Median(1);

    double Median(int nodes) => Spread.Of(Runs.Where(r => r.Nodes == nodes).Select(r => r.CpuPerRecord)).Median;
}
