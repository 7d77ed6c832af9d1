namespace AkkaJoin.Host.Demo;

/// <summary>One record of a <see cref="Workload"/>.</summary>
/// <param name="IsImpression">An impression, or a play.</param>
/// <param name="Key">The Kafka key.</param>
/// <param name="Value">JSON, or what should have been.</param>
/// <param name="TimestampMs">The Kafka timestamp, ms since the epoch.</param>
sealed record WorkloadRecord(bool IsImpression, byte[]? Key, byte[] Value, long TimestampMs);
