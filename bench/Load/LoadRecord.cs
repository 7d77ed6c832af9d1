namespace AkkaJoin.Bench.Load;

/// <summary>One record of a load.</summary>
readonly record struct LoadRecord(bool IsImpression, byte[] Key, byte[] Value, long TimestampMs);
