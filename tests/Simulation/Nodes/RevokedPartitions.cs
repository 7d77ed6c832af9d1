using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>Partitions that go, and until when the rebalance waits for the router's word.</summary>
sealed record RevokedPartitions(
    List<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Left)> Leaving, long UntilMs, Action Done)
{
    internal bool IsOver(long nowMs) => nowMs >= UntilMs || Leaving.TrueForAll(l => l.Left.Task.IsCompleted);
}
