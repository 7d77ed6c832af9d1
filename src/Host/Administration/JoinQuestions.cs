using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// What is asked in the cluster to know how the key groups of a join are. No question starts a key group or waits in the buffer of a region: the regions of
/// all nodes tell which groups they have, and each group is asked where it lives. One that recovers finds the question when it is done.
/// </summary>
sealed class JoinQuestions(ActorSystem system, JoinSettings join)
{
    // Longer than akka.cluster.sharding.shard-region-query-timeout: a region waits that long for its own shards.
    static readonly TimeSpan RegionTimeout = TimeSpan.FromSeconds(4);
    static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(2);
    readonly ExtendedActorSystem _system = (ExtendedActorSystem)system;
    readonly Cluster _cluster = Cluster.Get(system);

    /// <summary>Which node each key group lives on, as far as the nodes that answer know.</summary>
    internal async Task<IReadOnlyDictionary<int, GroupHome>> HomesAsync(CancellationToken stopping)
    {
        // A join that waits for the end of another runs nowhere.
        if (!ClusterSharding.Get(_system).ShardTypeNames.Contains(KeyGroupRegion.TypeName(join.Name)))
            return new Dictionary<int, GroupHome>();
        var state = _cluster.State;
        var asked = state.Members.Except(state.Unreachable).Where(m => m.HasRole(NodeRoles.Of(join.Name))).Select(m => RegionAsync(m.Address, stopping));
        var homes = new Dictionary<int, GroupHome>();
        foreach (var home in (await Task.WhenAll(asked)).SelectMany(found => found))
        {
            // While it moves two nodes may name it: it lives where it runs.
            if (!homes.TryGetValue(home.Group, out var other) || !other.HasGroup)
                homes[home.Group] = home;
        }

        await AddUnreachableAsync(homes, stopping);
        return homes;
    }

    /// <summary>The group as it is now; null where it does not answer.</summary>
    internal async Task<GroupStatus?> StatusAsync(GroupHome home, CancellationToken stopping)
    {
        try
        {
            var name = Name(home.Group);
            return await Resolve(home.Node, $"{RegionPath()}/{name}/{name}").Ask<GroupStatus>(new AskStatus(home.Group), GroupTimeout, stopping);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    async Task<IReadOnlyList<GroupHome>> RegionAsync(Address node, CancellationToken stopping)
    {
        try
        {
            var stats = await Resolve(node, RegionPath()).Ask<ShardRegionStats>(GetShardRegionStats.Instance, RegionTimeout, stopping);
            return
            [
                .. stats.Stats.Select(shard => new GroupHome(Number(shard.Key), node, HasGroup: shard.Value > 0)),
                .. stats.Failed.Select(shard => new GroupHome(Number(shard), node, HasGroup: false)),
            ];
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    // Regions that cannot be reached tell nothing; this node's own remembers which groups they had.
    async Task AddUnreachableAsync(Dictionary<int, GroupHome> homes, CancellationToken stopping)
    {
        var unreachable = _cluster.State.Unreachable.Select(m => m.Address).ToHashSet();
        if (unreachable.Count == 0)
            return;
        var missing = Enumerable.Range(0, join.KeyGroups).Where(group => !homes.ContainsKey(group));
        foreach (var (group, node) in await Task.WhenAll(missing.Select(group => LocationAsync(group, stopping))))
        {
            if (node is not null && unreachable.Contains(node))
                homes.Add(group, new GroupHome(group, node, HasGroup: true) { IsReachable = false });
        }
    }

    async Task<(int Group, Address? Node)> LocationAsync(int group, CancellationToken stopping)
    {
        try
        {
            var question = new GetEntityLocation(Name(group), TimeSpan.FromSeconds(1));
            return (group, (await Region().Ask<EntityLocation>(question, GroupTimeout, stopping)).ShardRegion);
        }
        catch (AskTimeoutException)
        {
            return (group, null);
        }
    }

    IActorRef Region() => ClusterSharding.Get(_system).ShardRegion(KeyGroupRegion.TypeName(join.Name));

    // It is the same on every node.
    string RegionPath() => Region().Path.ToStringWithoutAddress();

    IActorRef Resolve(Address node, string path) => _system.Provider.ResolveActorRef(node + path);

    static string Name(int group) => group.ToString(CultureInfo.InvariantCulture);

    static int Number(string shard) => int.Parse(shard, CultureInfo.InvariantCulture);
}
