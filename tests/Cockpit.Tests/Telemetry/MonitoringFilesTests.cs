using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>The dashboard and the alert rules of docker/ ask for what a node really shows.</summary>
[Collection(MetricsCollection.Name)]
public sealed partial class MonitoringFilesTests
{
    // Those that Prometheus itself adds, and the bound of a bucket.
    static readonly string[] OfPrometheus = ["instance", "job", "le"];

    [Fact]
    public async Task Every_query_names_instruments_and_tags_that_the_exporter_shows()
    {
        var shown = await ShownAsync();
        var queries = Queries().ToList();

        Assert.InRange(queries.Count, 30, int.MaxValue);
        foreach (var query in queries)
        {
            var names = Name().Matches(query).Select(match => match.Value).Distinct().ToList();
            Assert.All(names, name => Assert.True(shown.ContainsKey(name), $"{query}: the exporter shows no {name}"));
            var labels = names.SelectMany(name => shown[name]).Concat(OfPrometheus).ToHashSet();
            Assert.All(LabelsOf(query), label => Assert.True(labels.Contains(label), $"{query}: nothing in it has the label {label}"));
        }
    }

    [Fact]
    public void The_dashboard_shows_rates_lag_watermarks_state_journal_and_fates()
    {
        var asked = string.Join('\n', DashboardQueries());
        string[] expected =
        [
            "akkajoin_records_consumed_total", "akkajoin_rows_total", "akkajoin_partition_lag", "akkajoin_partition_watermark_lag_seconds",
            "akkajoin_state_size_bytes", "akkajoin_journal_persist_duration_seconds_bucket", "akkajoin_records_fates_total",
        ];
        Assert.All(expected, name => Assert.Contains(name, asked, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_says_what_is_wrong_and_what_to_do()
    {
        var rules = File.ReadAllText(PathOf("prometheus-rules.yml")).Split("- alert: ").Skip(1).ToList();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Matches("(?s)expr: .*summary: \".+\".*action: \".+\"", rule));
    }

    // By the name of a series, its labels.
    static async Task<Dictionary<string, HashSet<string>>> ShownAsync()
    {
        await using var server = await MetricsServer.StartAsync();
        using var metrics = new ShownMetrics("asked", keyGroups: 2, partitions: 4);
        GC.Collect(); // before it the runtime has no figures of memory
        var shown = new Dictionary<string, HashSet<string>>();
        foreach (var line in (await server.ScrapeAsync()).Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var name = line[..line.IndexOfAny(['{', ' '])];
            if (!shown.TryGetValue(name, out var labels))
                shown[name] = labels = [];
            labels.UnionWith(Label().Matches(line).Select(match => match.Groups[1].Value));
        }

        return shown;
    }

    static IEnumerable<string> Queries() => DashboardQueries().Concat(
        File.ReadLines(PathOf("prometheus-rules.yml")).Where(line => line.TrimStart().StartsWith("expr: ", StringComparison.Ordinal))
            .Select(line => line.Trim()["expr: ".Length..]));

    static IEnumerable<string> DashboardQueries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(PathOf("grafana/dashboards/akkajoin.json")));
        var variables = dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Select(variable => variable.GetProperty("query").GetString()!);
        var targets = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);
        return [.. variables, .. targets];
    }

    static IEnumerable<string> LabelsOf(string query) =>
        Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',')).Select(label => label.Trim())
            .Concat(Label().Matches(query).Select(match => match.Groups[1].Value));

    static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docker", file);

    [GeneratedRegex(@"\b(akkajoin|dotnet)_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"([a-z_]+)=~?""")]
    private static partial Regex Label();

    [GeneratedRegex(@"(?:by|ignoring) ?\(([^)]*)\)")]
    private static partial Regex Grouping();
}
