namespace AkkaJoin.Bench.Floor;

/// <summary>What to compare.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="RatioMax">How many times the loop's CPU the join's may be.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
sealed record RatioOptions(int Events, int Seed, double RatioMax, string? Kafka)
{
    /// <summary>Records where nobody says how many: a run takes seconds.</summary>
    internal const int EventsOfShort = 1_000_000;

    /// <summary>
    /// One and a half times the ratio of quiet machines (2 cores; turns on two kinds of them, of which one took twice the CPU of the other, gave 3.1 to 3.7). Both
    /// processes pay for the start of the runtime, so the figure belongs to <see cref="EventsOfShort"/>.
    /// </summary>
    internal const double DefaultRatioMax = 5.5;
}
