using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>The output topics, as they are read to find rows that are there already. Every method blocks.</summary>
interface ITailLog : IDisposable
{
    /// <summary>The partitions that a topic has now.</summary>
    IEnumerable<TopicPartition> Partitions(string topic);

    /// <summary>The first offset that a partition holds, and the one after its last.</summary>
    (long Low, long High) Ends(TopicPartition partition);

    /// <summary>Reads each range, and hands over what stands in the id header.</summary>
    /// <returns>How many records were read.</returns>
    /// <exception cref="KafkaException">It could not be read to the end.</exception>
    long Read(IEnumerable<(TopicPartition Partition, long From, long To)> ranges, Action<byte[]> take, CancellationToken stopping);
}
