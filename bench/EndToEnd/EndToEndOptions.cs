namespace AkkaJoin.Bench.EndToEnd;

/// <summary>What to measure.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Join">inner, left, right, full or attribution.</param>
/// <param name="Postgresql">Whether the journal is in a PostgreSQL of the benchmark's own, and not in SQLite.</param>
/// <param name="PostgresqlPrograms">Where PostgreSQL's programs lie, or null.</param>
/// <param name="Runs">How often.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
/// <param name="Report">A Markdown file to write, or null.</param>
/// <param name="Json">A JSON file to write, or null.</param>
sealed record EndToEndOptions(
    int Events, string Join, bool Postgresql, string? PostgresqlPrograms, int Runs, int Seed, string? Kafka, string? Report, string? Json);
