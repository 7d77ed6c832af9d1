namespace AkkaJoin.Pipeline.Kafka;

/// <summary>One assignment of a partition to this consumer.</summary>
readonly record struct TopicPartitionGeneration(string Topic, int Partition, int Generation);
