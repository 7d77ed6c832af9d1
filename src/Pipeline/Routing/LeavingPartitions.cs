using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>Partitions that a rebalance takes away, and the router's word on each: the offset to commit, or -1.</summary>
sealed class LeavingPartitions(IReadOnlyList<TopicPartitionGeneration> partitions)
{
    internal IReadOnlyList<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Left)> Partitions { get; } =
        [.. partitions.Select(p => (p, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)))];

    internal IEnumerable<Task> Waits => Partitions.Select(p => p.Left.Task);

    /// <summary>What may be committed of those that the router let go of.</summary>
    internal List<PartitionOffset> Offsets() => [.. Partitions
        .Where(l => l.Left.Task is { IsCompletedSuccessfully: true, Result: >= 0 })
        .Select(l => new PartitionOffset(l.Partition.Topic, l.Partition.Partition, l.Partition.Generation, l.Left.Task.Result))];
}
