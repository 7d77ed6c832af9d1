using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>The whole configuration, checked.</summary>
sealed record AkkaJoinSettings
{
    /// <summary>How the brokers are reached.</summary>
    public required KafkaSettings Kafka { get; init; }

    /// <summary>Where the journal lives.</summary>
    public required JournalSettings Journal { get; init; }

    /// <summary>How much memory the process may use, and where the buffered records are.</summary>
    public MemorySettings Memory { get; init; } = new();

    /// <summary>What a node writes into its log.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>The cluster that <c>akkajoin run</c> is a node of.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>The HTTP port for health, metrics, page and commands.</summary>
    public AdminSettings Admin { get; init; } = new();

    /// <summary>The joins, by name.</summary>
    public required IReadOnlyList<JoinSettings> Joins { get; init; }
}

/// <summary>How the brokers are reached, <c>akkajoin.kafka</c>.</summary>
sealed record KafkaSettings
{
    /// <summary>host:port, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Any librdkafka key, for consumers, producers and the admin client alike.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>librdkafka keys for consumers alone.</summary>
    public IReadOnlyDictionary<string, string> Consumer { get; init; } = new Dictionary<string, string>();

    /// <summary>librdkafka keys for producers alone.</summary>
    public IReadOnlyDictionary<string, string> Producer { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the broker may stay silent at the start, ms.</summary>
    public int ConnectTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a consumer may be silent before its partitions go to others, ms.</summary>
    public int SessionTimeoutMs { get; init; } = 10_000;
}

/// <summary>Where the journal and the snapshots live.</summary>
sealed record JournalSettings
{
    /// <summary>The directory of the SQLite files.</summary>
    public string SqliteDirectory { get; init; } = "./akkajoin-data";

    /// <summary>The PostgreSQL database; null = SQLite.</summary>
    public PostgresOptions? Postgresql { get; init; }

    /// <summary>How much at once is asked of it.</summary>
    public JournalLimits Limits { get; init; } = JournalLimits.Default;

    /// <summary>How often its clock is read, ms.</summary>
    public long ClockIntervalMs { get; init; } = 30_000;
}

/// <summary>How much memory the process may use, and where the buffered records are.</summary>
sealed record MemorySettings
{
    /// <summary>
    /// The directory of the memory-mapped files with the buffered records; null = they are in memory.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// The most bytes for all joins of the process; null = 80 % of the memory that the process may use.
    /// </summary>
    public long? BudgetBytes { get; init; }

    /// <summary>How long the budget may be used up before the join ends, ms.</summary>
    public int WaitMs { get; init; } = 60_000;
}
