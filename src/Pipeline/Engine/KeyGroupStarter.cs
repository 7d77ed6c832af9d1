using Akka.Actor;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Starts this node's share of the key groups, again and again. A key group always runs, after every crash too: its
/// waiting records and unconfirmed rows do not wait for new records.
/// </summary>
/// <param name="region">The shard region of the key groups.</param>
/// <param name="keyGroups">How many key groups the join has.</param>
/// <param name="peers">The nodes that run the join.</param>
/// <param name="coordinator">Watches the coordinator, which decides where each key group runs.</param>
/// <param name="order">In which order they are started.</param>
sealed class KeyGroupStarter(IActorRef region, int keyGroups, ClusterPeers peers, CoordinatorWatch coordinator, RecoveryOrder order)
{
    static readonly TimeSpan CoordinatorPatience = TimeSpan.FromSeconds(5);

    // How long the coordinator takes to allocate one key group, about.
    static readonly TimeSpan AllocationTime = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether the coordinator is lost for good: only a new start of this node helps.</summary>
    internal bool IsCoordinatorLost => coordinator.IsLost;

    /// <summary>
    /// Waits for the coordinator's first answer, 5 s at most. The region forgets the order of what it is told before
    /// that.
    /// </summary>
    internal Task WaitForCoordinatorAsync(CancellationToken stopping) => coordinator.FirstAnswerAsync(CoordinatorPatience, stopping);

    /// <summary>Starts those that do not run; to the others it does nothing.</summary>
    internal async Task StartAsync(CancellationToken stopping)
    {
        peers.Refresh();
        coordinator.Look();
        var mayMove = await order.LookAsync(peers.Others);
        foreach (var group in order.Sort(peers.Share(keyGroups)))
        {
            region.Tell(new StartKeyGroup(group));

            // The coordinator allocates several key groups at once, in any order. The pause lets one with a long
            // recovery come before the next.
            if (mayMove && order.IsLong(group))
                await Pause.ForAsync(AllocationTime, stopping);
        }
    }
}
