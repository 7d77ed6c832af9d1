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

/// <summary>What to measure.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Nodes">How many nodes stand beside the one.</param>
/// <param name="Runs">How often each of the two runs.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
/// <param name="Postgresql">Where PostgreSQL's programs lie, or null.</param>
sealed record ScalingOptions(int Events, int Nodes, int Runs, int Seed, string? Kafka, string? Postgresql);
