namespace AkkaJoin.Pipeline.Settings;

/// <summary>The whole configuration, checked.</summary>
public sealed record AkkaJoinSettings
{
    /// <summary>How the brokers are reached.</summary>
    public required KafkaSettings Kafka { get; init; }

    /// <summary>Where the journal lives.</summary>
    public required JournalSettings Journal { get; init; }

    /// <summary>What the process may hold in memory, and where the state is beside it.</summary>
    public MemorySettings Memory { get; init; } = new();

    /// <summary>The cluster that <c>akkajoin run</c> is a node of.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>The joins, by name.</summary>
    public required IReadOnlyList<JoinSettings> Joins { get; init; }
}
