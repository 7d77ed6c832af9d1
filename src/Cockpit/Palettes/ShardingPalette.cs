using Akka.Cluster.Sharding;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>
/// The commands of the palette <c>cluster-sharding</c>: the joins as Akka.Cluster.Sharding knows them.
/// </summary>
static class ShardingPalette
{
    const string Palette = "cluster-sharding";

    static readonly CommandParameter Join = CommandParameter.Join with { Help = "The name of a join; without it: all of the node" };

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<ShardTypesReport>(
            Palette,
            "list",
            "The joins, their type names and roles",
            Right.State,
            [],
            (node, _) => Task.FromResult(List(node)),
            ShardingText.Write),
        new NodeCommand<RegionsReport>(
            Palette, "regions", "Which key groups each node has", Right.State, [Join], RegionsAsync, ShardingText.Write),
        new NodeCommand<EntitiesReport>(
            Palette, "entities", "Where the entity of each key group is", Right.State, [Join], EntitiesAsync, ShardingText.Write),
    ];

    static ShardTypesReport List(CockpitNode node)
    {
        var started = ClusterSharding.Get(node.System).ShardTypeNames;
        return new ShardTypesReport(
        [
            .. node.Joins.Select(join => new ShardTypeReport(
                join.Name,
                KeyGroupRegion.TypeName(join.Name),
                NodeRoles.Of(join.Name),
                join.KeyGroups,
                started.Contains(KeyGroupRegion.TypeName(join.Name)))),
        ]);
    }

    static async Task<RegionsReport> RegionsAsync(CockpitNode node, CommandCall call)
    {
        var regions = new List<RegionReport>();
        foreach (var (join, locations) in await LocationsAsync(node, call))
        {
            regions.AddRange(locations.Values.GroupBy(location => location.Node).OrderBy(region => region.Key).Select(region =>
                new RegionReport(join.Name, region.Key.ToString(), [.. region.Select(location => location.Group).Order()])));
        }

        return new RegionsReport(regions);
    }

    static async Task<EntitiesReport> EntitiesAsync(CockpitNode node, CommandCall call)
    {
        var entities = new List<EntityReport>();
        foreach (var (join, locations) in await LocationsAsync(node, call))
        {
            entities.AddRange(Enumerable.Range(0, join.KeyGroups).Select(group => locations.GetValueOrDefault(group) is { } location
                ? new EntityReport(join.Name, group, location.Node.ToString(), location.HasKeyGroup, location.IsReachable)
                : new EntityReport(join.Name, group, null, IsThere: false, IsReachable: false)));
        }

        return new EntitiesReport(entities);
    }

    static async Task<(JoinSettings Join, IReadOnlyDictionary<int, KeyGroupLocation> Locations)[]> LocationsAsync(
        CockpitNode node, CommandCall call)
    {
        IReadOnlyList<JoinSettings> joins = call.Find(Join.Name) is { } name ? [node.Join(name)] : node.Joins;
        return await Task.WhenAll(joins.Select(async join =>
            (join, await new JoinQuestions(node.System, join).LocationsAsync(call.Stopping))));
    }
}
