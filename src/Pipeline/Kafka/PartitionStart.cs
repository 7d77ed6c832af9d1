namespace AkkaJoin.Pipeline.Kafka;

/// <summary>A partition that was just assigned; it stays paused until <see cref="IChunkControl.Begin"/>.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="Generation">The number of this assignment, unique within the consumer.</param>
/// <param name="CommittedOffset">The group's committed offset; where there was none, the start offset, which is committed by now.</param>
/// <param name="WasCommitted">Whether the group had an offset before this assignment.</param>
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
    /// Where the join began with the partition: at it, key groups begin that do not know the partition. <see cref="Admin.PartitionOrigins.Unknown"/> where the journal does
    /// not have it, though an offset is committed.
    /// </summary>
    internal long Origin { get; init; } = CommittedOffset;
}
