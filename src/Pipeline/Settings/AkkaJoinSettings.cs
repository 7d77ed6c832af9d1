namespace AkkaJoin.Pipeline.Settings;

/// <summary>The whole configuration, checked.</summary>
public sealed record AkkaJoinSettings
{
    /// <summary>How the brokers are reached.</summary>
    public required KafkaSettings Kafka { get; init; }

    /// <summary>Where the journal lives.</summary>
    public required JournalSettings Journal { get; init; }

    /// <summary>The joins, by name.</summary>
    public required IReadOnlyList<JoinSettings> Joins { get; init; }
}
