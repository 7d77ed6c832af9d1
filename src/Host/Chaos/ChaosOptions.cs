namespace AkkaJoin.Host.Chaos;

/// <summary>What the user asked of a chaos run.</summary>
/// <param name="ConfigFile">The user's configuration.</param>
/// <param name="Join">The join, or null where the file has one alone.</param>
/// <param name="Minutes">How long faults go on.</param>
/// <param name="Seed">Of the faults and of the made workload.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Rate">Events a second.</param>
/// <param name="Faults">Faults a minute.</param>
sealed record ChaosOptions(string ConfigFile, string? Join, double Minutes, int Seed, int Nodes, int Rate, double Faults)
{
    /// <summary>The nodes of a run without --nodes.</summary>
    internal const int NodesDefault = 3;

    /// <summary>The rate of a run without --rate, events a second.</summary>
    internal const int RateDefault = 2_000;

    /// <summary>
    /// The most events of a run on the embedded broker, which drops the oldest silently above 5 MiB a partition.
    /// </summary>
    internal const int EmbeddedEventsMax = 400_000;

    /// <summary>How often a minute the feeder of a side falls silent; 0 = never.</summary>
    internal double Silences { get; init; }

    /// <summary>The user's JSON-lines files, left and right, fed instead of the made workload; or null.</summary>
    internal (string Left, string Right)? Input { get; init; }

    /// <summary>What the command line sets over the configuration, as HOCON.</summary>
    internal string Overrides { get; init; } = "";

    /// <summary>Whether the broker is the embedded one.</summary>
    internal bool Embedded { get; init; }

    /// <summary>Where the Kafka lies that the run is to start, or null.</summary>
    internal string? StartKafka { get; init; }

    /// <summary>Where the programs of PostgreSQL lie, of which the run is to start one; or null.</summary>
    internal string? StartPostgresql { get; init; }

    /// <summary>The directory of the run; null = a temporary one, which goes away if all is well.</summary>
    internal string? Directory { get; init; }

    /// <summary>Whether an earlier run of the directory goes on.</summary>
    internal bool Resume { get; init; }

    /// <summary>Whether the result is JSON.</summary>
    internal bool Json { get; init; }
}
