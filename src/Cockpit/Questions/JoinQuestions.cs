using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// What is asked in the cluster to know how the key groups of a join are. No question starts a key group or waits in
/// the buffer of a region: the regions of all nodes tell which groups they have, and each group is asked where it
/// lives. One that recovers finds the question when it is done.
/// </summary>
sealed class JoinQuestions(ActorSystem system, JoinSettings join)
{
    // Longer than akka.cluster.sharding.shard-region-query-timeout: a region waits that long for its own shards.
    static readonly TimeSpan RegionTimeout = TimeSpan.FromSeconds(4);
    static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(2);
    readonly ExtendedActorSystem _system = (ExtendedActorSystem)system;
    readonly Cluster _cluster = Cluster.Get(system);

    /// <summary>Which node each key group lives on, as far as the nodes that answer know.</summary>
    internal async Task<IReadOnlyDictionary<int, KeyGroupLocation>> LocationsAsync(CancellationToken stopping)
    {
        // A join that waits for the end of another runs nowhere.
        if (!ClusterSharding.Get(_system).ShardTypeNames.Contains(KeyGroupRegion.TypeName(join.Name)))
            return new Dictionary<int, KeyGroupLocation>();
        var (state, role) = (_cluster.State, NodeRoles.Of(join.Name));

        // In an application every member runs the joins, and none has their roles.
        var hasRoles = _cluster.SelfRoles.Contains(role);
        var asked = state.Members.Except(state.Unreachable).Where(m => !hasRoles || m.HasRole(role))
            .Select(m => RegionAsync(m.Address, stopping));
        var locations = new Dictionary<int, KeyGroupLocation>();
        foreach (var location in (await Task.WhenAll(asked)).SelectMany(found => found))
        {
            // While it moves two nodes may name it: it lives where it runs.
            if (!locations.TryGetValue(location.Group, out var other) || !other.HasKeyGroup)
                locations[location.Group] = location;
        }

        await AddUnreachableAsync(locations, stopping);
        return locations;
    }

    /// <summary>The group as it is now; null where it does not answer.</summary>
    internal async Task<KeyGroupStatus?> StatusAsync(KeyGroupLocation location, CancellationToken stopping)
    {
        try
        {
            var name = Name(location.Group);
            return await Resolve(location.Node, $"{RegionPath()}/{name}/{name}").Ask<KeyGroupStatus>(
                new AskStatus(location.Group), GroupTimeout, stopping);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The key groups that live on this node and do not answer.</summary>
    internal async Task<IReadOnlyList<int>> SilentHereAsync(CancellationToken stopping)
    {
        if (!ClusterSharding.Get(_system).ShardTypeNames.Contains(KeyGroupRegion.TypeName(join.Name)))
            return [];
        var here = await RegionAsync(_cluster.SelfAddress, stopping);
        var asked = here.Select(async location => (location.Group, Status: await StatusAsync(location, stopping)));
        return [.. (await Task.WhenAll(asked)).Where(answer => answer.Status is null).Select(answer => answer.Group).Order()];
    }

    /// <summary>How many key groups are on no node, as far as the nodes that answer know.</summary>
    internal async Task<int> UnplacedAsync(CancellationToken stopping) =>
        join.KeyGroups - (await LocationsAsync(stopping)).Count;

    /// <summary>What the key group of a key has of it.</summary>
    /// <param name="key">The key in canonical form.</param>
    /// <param name="ask">Makes the question, for the key group of the key.</param>
    /// <param name="stopping">Nobody waits any more.</param>
    /// <returns>
    /// The key group, where it lives, and its report; null where it is not known, or does not answer.
    /// </returns>
    internal async Task<(int Group, Address? Node, KeyReport? Report)> KeyAsync(
        byte[] key, Func<int, AskKey> ask, CancellationToken stopping)
    {
        var group = KeyHash.Group(KeyHash.Of(key), join.KeyGroups);
        if (!ClusterSharding.Get(_system).ShardTypeNames.Contains(KeyGroupRegion.TypeName(join.Name)))
            return (group, null, null);

        // This node's region knows it mostly. Where it does not, all regions are asked.
        var node = (await LocationAsync(group, stopping)).Node;
        if (node is null)
            node = (await LocationsAsync(stopping)).GetValueOrDefault(group)?.Node;
        if (node is null || _cluster.State.Unreachable.Any(m => m.Address == node))
            return (group, node, null);
        try
        {
            var name = Name(group);
            return (group, node, await Resolve(node, $"{RegionPath()}/{name}/{name}").Ask<KeyReport>(ask(group), GroupTimeout, stopping));
        }
        catch (AskTimeoutException)
        {
            return (group, node, null);
        }
    }

    async Task<IReadOnlyList<KeyGroupLocation>> RegionAsync(Address node, CancellationToken stopping)
    {
        try
        {
            var stats = await Resolve(node, RegionPath()).Ask<ShardRegionStats>(GetShardRegionStats.Instance, RegionTimeout, stopping);
            return
            [
                .. stats.Stats.Select(shard => new KeyGroupLocation(Number(shard.Key), node, HasKeyGroup: shard.Value > 0)),
                .. stats.Failed.Select(shard => new KeyGroupLocation(Number(shard), node, HasKeyGroup: false)),
            ];
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    // Regions that cannot be reached tell nothing; this node's own remembers which groups they had.
    async Task AddUnreachableAsync(Dictionary<int, KeyGroupLocation> locations, CancellationToken stopping)
    {
        var unreachable = _cluster.State.Unreachable.Select(m => m.Address).ToHashSet();
        if (unreachable.Count == 0)
            return;
        var missing = Enumerable.Range(0, join.KeyGroups).Where(group => !locations.ContainsKey(group));
        foreach (var (group, node) in await Task.WhenAll(missing.Select(group => LocationAsync(group, stopping))))
        {
            if (node is not null && unreachable.Contains(node))
                locations.Add(group, new KeyGroupLocation(group, node, HasKeyGroup: true) { IsReachable = false });
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
