using AkkaJoin.Shards.Batches;
using AkkaJoin.Simulation.Nodes;

namespace AkkaJoin.Simulation.Broker;

/// <summary>A consumer in the group.</summary>
sealed class Member(NodeRouter router)
{
    internal NodeRouter Router { get; } = router;

    /// <summary>The generation that it knows of.</summary>
    internal int Generation { get; set; }

    /// <summary>Whether its session is over; it may not know yet.</summary>
    internal bool Gone { get; set; }

    /// <summary>Commits on their way.</summary>
    internal Queue<CommitRequest> Requests { get; } = [];

    /// <summary>Partitions that it is about to be told of.</summary>
    internal List<PartitionId> Coming { get; } = [];
}
