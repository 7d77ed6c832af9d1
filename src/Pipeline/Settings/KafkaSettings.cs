namespace AkkaJoin.Pipeline.Settings;

/// <summary>How the brokers are reached, <c>akkajoin.kafka</c>.</summary>
public sealed record KafkaSettings
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
