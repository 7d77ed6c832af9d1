using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>Who becomes a member, who does not, and what crosses from one node to another.</summary>
[Trait("Needs", "Kafka")]
[Collection(ClusterServers.Name)]
public sealed partial class MembershipTests(RealKafka kafka, RealPostgres postgres)
{
    const string Cluster = "SELECT cluster_id FROM akkajoin_cluster";

    [ClusterFact]
    public async Task A_node_whose_definition_differs_is_refused_and_the_definition_changes_only_when_no_node_runs()
    {
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2);
        var different = cluster.WriteConfig("different", "akkajoin.joins.test.late.policy = drop");
        cluster.Feed(perSecond: 500, seed: 19);
        await cluster.UpAsync(0);
        var refused = cluster.Launch(1, different);
        var code = await cluster.EndAsync(1);
        cluster.Check(code == 78 && refused.Errors.Contains("late.policy", StringComparison.Ordinal), $"exit code {code}");
        var (refusedCode, _, errors) = await EngineProcess.RunAsync("definition", "-c", different, "--apply");
        cluster.Check(refusedCode == 1 && errors.Contains("nodes run on", StringComparison.Ordinal), $"exit code {refusedCode}: {errors}");

        await cluster.MoreRowsAsync(); // the one that runs goes on
        await cluster.StopAsync(0);
        Assert.Equal(0, (await EngineProcess.RunAsync("definition", "-c", different, "--apply")).Code);
        cluster.Launch(1, different);
        await cluster.UpAsync();
    }

    [ClusterFact]
    public async Task A_seed_that_was_killed_and_starts_again_joins_the_cluster_that_lives_on()
    {
        var database = postgres.CreateDatabase();
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, database, nodes: 2);
        var seed = cluster.Highest;
        await cluster.UpAsync(seed); // it forms the cluster
        await cluster.UpAsync(1 - seed);
        var id = RealPostgres.Execute(database, Cluster);
        await cluster[seed].KillAsync();
        await cluster.UpAsync(seed); // and now it sees both
        Assert.Equal(id, RealPostgres.Execute(database, Cluster));
        await cluster.UntilAsync(() => ClusterOfProcesses.NodesUp(cluster[1 - seed]) == 2, "the other sees both");
        await cluster.StopAsync(0, 1);
    }

    [ClusterFact]
    public async Task Nodes_of_one_authority_form_a_cluster_over_TLS_and_one_of_another_authority_stays_outside()
    {
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 3);
        using var ours = new TestAuthority(cluster.Join.FilesDirectory, "ours");
        using var theirs = new TestAuthority(cluster.Join.FilesDirectory, "theirs");
        string Node(string name, TestAuthority authority) => cluster.WriteConfig(name, $"akkajoin.cluster.tls {{ {authority.Issue(name)}, authority-file = \"{ours.File}\" }}");
        cluster.Launch(0, Node("first", ours));
        cluster.Launch(1, Node("second", ours));
        await cluster.UpAsync();

        var stranger = cluster.Launch(2, Node("stranger", theirs));
        var code = await cluster.EndAsync(2);
        cluster.Check(code == 1 && stranger.Errors.Contains("TLS failed", StringComparison.Ordinal), $"the stranger ends with {code}");
        const string refused = "was refused: its certificate (CN=stranger) does not come from";
        cluster.Check(cluster[0].Errors.Contains(refused, StringComparison.Ordinal) || cluster[1].Errors.Contains(refused, StringComparison.Ordinal), "who refused it");
        cluster.Check(ClusterOfProcesses.NodesUp(stranger) == 0 && ClusterOfProcesses.NodesUp(cluster[0]) == 2, "the stranger is a member");
        await cluster.StopAsync(0, 1);
    }

    [ClusterFact]
    public async Task A_node_that_is_asked_knows_the_key_groups_of_the_other_too()
    {
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2);
        var asked = cluster.Launch(0, cluster.WriteConfig("asked", "akkajoin.cluster.admin-port = 0"));
        await cluster.UpAsync(1);
        var address = "";
        await cluster.UntilAsync(() => (address = Address().Match(asked.Errors).Groups[1].Value).Length > 0, "the address where it is asked");
        for (int nodes = 0, asks = 0; nodes != 2; asks++)
        {
            var (_, output, errors) = await EngineProcess.RunAsync("cluster", address, "--json");
            cluster.Check(errors.Trim().Length == 0, errors); // 1: not all of them run yet
            var groups = JsonSerializer.Deserialize<ClusterReport>(output, CockpitJson.Options)!.Joins[0].Groups;
            nodes = groups.All(g => g.State == KeyGroupState.Running) ? groups.Select(g => g.Node).Distinct().Count() : 0;
            cluster.Check(asks < 60, "key groups on both nodes");
        }

        await cluster.StopAsync(0, 1);
    }

    [ClusterFact]
    public async Task Records_larger_than_a_frame_reach_the_key_groups_of_the_other_node()
    {
        const int valueBytes = 300_000;
        const string started = " recovered up to event";
        await using var cluster = await ClusterOfProcesses.CreateAsync(
            kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2, type: "inner", settings: "akka.loglevel = DEBUG");
        await cluster.UpAsync(0, 1);
        await cluster.UntilAsync(() => cluster[0].Errors.Contains(started, StringComparison.Ordinal) && cluster[1].Errors.Contains(started, StringComparison.Ordinal), "key groups on both nodes");

        // One partition is one node's; its keys are of many key groups, which are of both.
        foreach (var i in Enumerable.Range(0, 24))
        {
            cluster.Join.Produce(cluster.Join.Left, 0, Record(i, new string('x', valueBytes)));
            cluster.Join.Produce(cluster.Join.Right, 0, Record(i, ""));
        }

        await cluster.Join.RowsAsync(24);
        Assert.All(cluster.Join.ReadRows(), row => Assert.True(row.Value.Length > valueBytes));
        await cluster.StopAsync(0, 1);
    }

    [GeneratedRegex(@"akkajoin: listens for questions at (127\.0\.0\.1:\d+) ")]
    private static partial Regex Address();

    static string Record(int i, string more) => JsonSerializer.Serialize(new { profile = "m" + i, title = "t", ts = 1_000_000 + i, id = "i" + i, more });
}
