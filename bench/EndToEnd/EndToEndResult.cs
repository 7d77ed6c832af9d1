using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>The figures of some equal runs.</summary>
sealed record EndToEndResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required EndToEndOptions Options { get; init; }

    public required IReadOnlyList<RunFigures> Runs { get; init; }

    /// <summary>The verdict on the last run; null where there was no judge.</summary>
    public required JudgeFigures? Judge { get; init; }

    /// <summary>CPU per record over the runs, us.</summary>
    public Spread CpuPerRecord => Spread.Of(Runs.Select(r => r.CpuPerRecord));
}
