using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>A rebalance's callback that waits for the router's word on the partitions that go, and until when.</summary>
sealed record LeavingCall(RevokedPartitions Leaving, Action<IReadOnlyList<PartitionOffset>> Commit, long UntilMs, Action Done)
{
    internal bool IsOver(long nowMs) => nowMs >= UntilMs || Leaving.Waits.All(w => w.IsCompleted);
}
