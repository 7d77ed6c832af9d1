using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Shards.Journal;
using ClusterSettings = AkkaJoin.Pipeline.Settings.ClusterSettings;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Makes this node a member of the one cluster that its journal belongs to.
/// </summary>
static class ClusterBootstrap
{
    internal static async Task JoinAsync(ActorSystem system, ClusterSettings settings, JoinJournal journal, CancellationToken stopping)
    {
        var cluster = Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress, stopping);
    }
}
