using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Floor;

/// <summary>A join against the raw loop, in turns.</summary>
sealed record RatioResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required RatioOptions Options { get; init; }

    public required IReadOnlyList<RunFigures> Joins { get; init; }

    public required IReadOnlyList<FloorFigures> Floors { get; init; }

    /// <summary>The best of the turns: what disturbs one makes it worse, and nothing makes it better.</summary>
    public double Ratio => Joins.Zip(Floors, (join, floor) => join.CpuPerRecord / floor.CpuPerRecord).Min();

    /// <summary>Whether the join costs no more than it may.</summary>
    public bool IsMet => Ratio <= Options.RatioMax;
}

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
