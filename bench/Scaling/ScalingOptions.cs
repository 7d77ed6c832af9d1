namespace AkkaJoin.Bench.Scaling;

/// <summary>What to measure.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Nodes">How many nodes stand beside the one.</param>
/// <param name="Runs">How often each of the two runs.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
/// <param name="Postgresql">Where PostgreSQL's programs lie, or null.</param>
/// <param name="Report">A Markdown file to write, or null.</param>
/// <param name="Json">A JSON file to write, or null.</param>
sealed record ScalingOptions(int Events, int Nodes, int Runs, int Seed, string? Kafka, string? Postgresql, string? Report, string? Json);
