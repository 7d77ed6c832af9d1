using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Chaos;

/// <summary>One record to be fed.</summary>
/// <param name="Side">Whose topic.</param>
/// <param name="Key">The Kafka key.</param>
/// <param name="Value">The value.</param>
/// <param name="TimestampMs">The Kafka timestamp, ms since the epoch; null = now.</param>
/// <param name="Time">The event time, ms since the epoch.</param>
sealed record ChaosRecord(Side Side, byte[]? Key, byte[] Value, long? TimestampMs, long Time)
{
    /// <summary>A header with an id, or null.</summary>
    internal (string Name, byte[] Value)? Header { get; init; }
}
