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
    /// One and a half times the ratio of a quiet machine (2 cores; four turns gave 4.3 to 5.3, with a median of 4.6). Both processes pay for the start of the
    /// runtime, so the figure belongs to <see cref="EventsOfShort"/>.
    /// </summary>
    internal const double DefaultRatioMax = 7.0;
}
