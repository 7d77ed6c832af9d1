using AkkaJoin.Pipeline.Kafka.Admin;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// What a consumer of a consumer group asks the brokers beside records. Used by the consumer's thread, which waits for
/// each answer: in a rebalance its callback has to return with it. What no retry mends is thrown as
/// <see cref="UserException"/>.
/// </summary>
interface IGroupBroker
{
    /// <summary>The committed offset of each partition; negative where there is none.</summary>
    IReadOnlyDictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>The first offset that each log holds.</summary>
    IReadOnlyDictionary<TopicPartition, long> Starts(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>The offset after the last record of each.</summary>
    IReadOnlyDictionary<TopicPartition, long> Ends(
        IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation = IsolationLevel.ReadCommitted);

    /// <summary>The topics.</summary>
    IReadOnlyList<TopicInfo> Describe(IReadOnlyCollection<string> topics);

    /// <summary>Sends offsets to be committed, and does not wait.</summary>
    /// <exception cref="KafkaException">The request cannot be sent.</exception>
    IOffsetCommit Commit(IReadOnlyCollection<PartitionOffset> offsets);
}

/// <summary>
/// A commit request whose answer can be asked for without blocking, or waited for with a limit. An answer after its end
/// is dropped.
/// </summary>
interface IOffsetCommit : IDisposable
{
    /// <returns>The answer, or null where there is none within <paramref name="timeoutMs"/>.</returns>
    ErrorCode? Wait(int timeoutMs);
}
