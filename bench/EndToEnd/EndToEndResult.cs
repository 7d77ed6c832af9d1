using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>The figures of some equal runs.</summary>
sealed record EndToEndResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required EndToEndOptions Options { get; init; }

    public required IReadOnlyList<RunFigures> Runs { get; init; }

    /// <summary>The validation of the last run; null where there was none.</summary>
    public required ValidationFigures? Validation { get; init; }

    /// <summary>CPU per record over the runs, us.</summary>
    public Spread CpuPerRecord => Spread.Of(Runs.Select(r => r.CpuPerRecord));
}

/// <summary>What to measure.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Join">inner, left, right, full or attribution.</param>
/// <param name="Postgresql">Whether the journal is in a PostgreSQL of the benchmark's own, and not in SQLite.</param>
/// <param name="PostgresqlPrograms">Where PostgreSQL's programs lie, or null.</param>
/// <param name="Runs">How often.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
sealed record EndToEndOptions(
    int Events, string Join, bool Postgresql, string? PostgresqlPrograms, int Runs, int Seed, string? Kafka);
