namespace AkkaJoin.Bench.Load;

/// <summary>One record of a load.</summary>
/// <param name="IsImpression">Which of the two topics it is for.</param>
/// <param name="Key">Its Kafka key.</param>
/// <param name="Value">Its JSON.</param>
/// <param name="TimestampMs">Its event time, ms since the epoch.</param>
/// <param name="Partition">The partition; -1 = as the key says.</param>
readonly record struct LoadRecord(bool IsImpression, byte[] Key, byte[] Value, long TimestampMs, int Partition = -1);
