using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Failover;

/// <summary>The figures of some kills.</summary>
sealed record FailoverResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required FailoverOptions Options { get; init; }

    public required IReadOnlyList<KillFigures> Kills { get; init; }
}

/// <summary>What to measure.</summary>
/// <param name="StateMiB">About how much live state the three nodes have.</param>
/// <param name="Kills">How often the oldest node is killed, and how often another.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
/// <param name="Postgresql">Where PostgreSQL's programs lie, or null.</param>
sealed record FailoverOptions(int StateMiB, int Kills, int Seed, string? Kafka, string? Postgresql)
{
    // What an impression takes in the state, as measured: its record and its place in the index.
    const int BytesPerImpression = 280;
    const int ImpressionsPerSecond = Load.LoadGenerator.EventsPerSecond * 4 / 5;

    // An impression is held for the window, and until the time of the plays, which are out of order, has passed it.
    const int DisorderSeconds = 50;

    /// <summary>How long after an impression a play may come, s: as long as it takes to have the state.</summary>
    internal int WindowSeconds => Math.Max(10, (int)((long)StateMiB * 1024 * 1024 / BytesPerImpression / ImpressionsPerSecond) - DisorderSeconds);
}
