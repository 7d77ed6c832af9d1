namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A record out of a chunk, copied.</summary>
sealed record ReadRecord(string Topic, int Partition, long Offset, long TimestampMs, string? Key, string? Value, string Headers);
