namespace AkkaJoin.Host.Chaos;

/// <summary>What is fed, in the order in which it is fed.</summary>
interface IRecordSource
{
    /// <summary>Events a second at which it is to be fed.</summary>
    double Rate { get; }

    /// <summary>The records from the event with this number on.</summary>
    IEnumerable<ChaosRecord> Records(long first);
}

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
