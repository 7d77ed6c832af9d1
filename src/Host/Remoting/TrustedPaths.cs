using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// The actors that other nodes may address by selection, which in untrusted mode are none but these: what the cluster
/// and the sharding of each join ask each other for. Everything else speaks to actors that it was told of.
/// </summary>
static class TrustedPaths
{
    static readonly string[] OfCluster =
    [
        "/system/cluster/core/daemon",
        "/system/cluster/heartbeatReceiver",
        "/system/remote-watcher",
    ];

    /// <summary>
    /// The paths of a node that runs these joins: the coordinator of the key groups, what hands it over from node to
    /// node, and the replicator of its state, which has the name of the join's role.
    /// </summary>
    internal static IEnumerable<string> Of(IEnumerable<JoinSettings> joins) => joins.SelectMany(OfJoin).Concat(OfCluster);

    static IEnumerable<string> OfJoin(JoinSettings join)
    {
        var coordinator = $"/system/sharding/{Uri.EscapeDataString(KeyGroupRegion.TypeName(join.Name))}Coordinator";
        var replicator = $"/system/sharding/{Uri.EscapeDataString(NodeRoles.Of(join.Name))}Replicator";
        return [coordinator, coordinator + "/singleton/coordinator", replicator];
    }
}
