namespace AkkaJoin.Pipeline.Kafka;

/// <summary>A position in one assignment of a partition: the offset of the next record to read.</summary>
readonly record struct PartitionOffset(string Topic, int Partition, int Generation, long Offset);
