using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>The sharding of joins for people.</summary>
static class ShardingText
{
    internal static void Write(ShardTypesReport report, TextWriter output)
    {
        var table = new TextTable(["join", "type name", "role", "key groups", "here"], [3]);
        foreach (var type in report.Types)
            table.Add([type.Join, type.Type, type.Role, N(type.KeyGroups), type.IsStarted ? "started" : "not started"]);
        table.Write(output, "");
    }

    internal static void Write(RegionsReport report, TextWriter output)
    {
        if (report.Regions.Count == 0)
            output.WriteLine("no region tells of a key group");
        var table = new TextTable(["join", "node", "count", "key groups"], [2]);
        foreach (var region in report.Regions)
            table.Add([region.Join, region.Node, N(region.KeyGroups.Count), Ranges(region.KeyGroups)]);
        if (report.Regions.Count > 0)
            table.Write(output, "");
    }

    internal static void Write(EntitiesReport report, TextWriter output)
    {
        var table = new TextTable(["join", "key group", "node", "entity"], [1]);
        foreach (var entity in report.Entities)
            table.Add([entity.Join, N(entity.Group), entity.Node ?? "-", State(entity)]);
        table.Write(output, "");
    }

    static string State(EntityReport entity) => entity switch
    {
        { Node: null } => "not started",
        { IsReachable: false } => "unreachable",
        { IsThere: false } => "its shard alone",
        _ => "there",
    };

    /// <summary>Such as "0-3, 7".</summary>
    internal static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var last = i;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
                last++;
            ranges.Add(last == i ? N(numbers[i]) : $"{N(numbers[i])}-{N(numbers[last])}");
            i = last + 1;
        }

        return string.Join(", ", ranges);
    }

    static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
}
