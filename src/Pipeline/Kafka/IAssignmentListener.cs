namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Hears of rebalances. Every method runs on the consumer's own thread, inside the rebalance callback: the consumer
/// group waits for its return. An exception stops the source.
/// </summary>
interface IAssignmentListener
{
    /// <summary>
    /// The partitions are this consumer's. They are paused until <see cref="IChunkControl.StartReading"/>.
    /// </summary>
    void Assigned(IReadOnlyList<PartitionStart> starts);

    /// <summary>
    /// The partitions go to another consumer when this returns. No chunk of theirs is emitted any more. The listener
    /// may wait a bounded time for what is in flight. It hands the offsets reached to <paramref name="commit"/>, which
    /// commits them before it returns. Also called with all partitions when the consumer closes.
    /// </summary>
    void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit);

    /// <summary>The partitions went to another consumer already: nothing can be committed.</summary>
    void Lost(IReadOnlyList<TopicPartitionGeneration> partitions);
}

/// <summary>One assignment of a partition to this consumer.</summary>
readonly record struct TopicPartitionGeneration(string Topic, int Partition, int Generation);

/// <summary>An offset of one assignment of a partition, to be committed: everything below it is done.</summary>
readonly record struct PartitionOffset(string Topic, int Partition, int Generation, long Offset);

/// <summary>
/// A partition that was just assigned. It stays paused until <see cref="IChunkControl.StartReading"/>.
/// </summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="Generation">The number of this assignment, unique within the consumer.</param>
/// <param name="CommittedOffset">
/// The consumer group's committed offset. Where it had none: the start offset, which is committed by now.
/// </param>
/// <param name="WasCommitted">Whether the consumer group had an offset before this assignment.</param>
/// <param name="LogStartOffset">The first offset that the log still holds.</param>
/// <param name="LogEndOffset">The offset after the last committed record (read_committed).</param>
/// <param name="PartitionCount">How many partitions the topic has.</param>
readonly record struct PartitionStart(
    string Topic,
    int Partition,
    int Generation,
    long CommittedOffset,
    bool WasCommitted,
    long LogStartOffset,
    long LogEndOffset,
    int PartitionCount)
{
    /// <summary>
    /// The offset at which the join began with the partition. A key group that does not know the partition begins
    /// there. <see cref="Admin.PartitionOrigins.Unknown"/> where the journal does not have it though an offset is
    /// committed.
    /// </summary>
    internal long Origin { get; init; } = CommittedOffset;

    /// <summary>
    /// Whether offsets are committed somewhere; false = the key groups alone know how far the join is.
    /// </summary>
    internal bool HasCommits { get; init; } = true;
}
