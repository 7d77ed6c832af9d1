using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>Members that an operator gives up, with the commands that he types.</summary>
[Trait("Needs", "Kafka")]
[Collection(ClusterServers.Name)]
public sealed partial class DowningTests(RealKafka kafka, RealPostgres postgres)
{
    const string Asked = "akkajoin.cluster.admin-port = 0";

    [ClusterFact]
    public async Task A_member_that_lives_and_is_given_up_ends_with_3_and_the_rows_stay_exact()
    {
        await using var cluster = await CreateAsync();
        var address = await UpAsync(cluster);
        var (code, output, errors) = await EngineProcess.RunAsync("pbm", address, "cluster", "down", cluster.AddressOf(Other(cluster)));
        cluster.Check(code == 0, output + errors);
        cluster.Check(output.Contains(cluster.AddressOf(Other(cluster)), StringComparison.Ordinal), output);
        cluster.Check(await cluster.EndAsync(Other(cluster)) == 3, "the exit code of the node that was given up");
        await GoneAsync(cluster, address);
    }

    [ClusterFact]
    public async Task A_member_that_cannot_be_reached_is_given_up_by_down_unreachable_and_ends_with_3_when_it_wakes()
    {
        // Long enough for the command to come first.
        await using var cluster = await CreateAsync("akka.cluster.split-brain-resolver.stable-after = 30s");
        var address = await UpAsync(cluster);
        var other = Other(cluster);
        await cluster[other].FreezeAsync();
        await cluster.UntilAsync(
            async () => (await MembersAsync(address)).Contains("\"reachable\":false", StringComparison.Ordinal), "a member that is unreachable");
        var (code, output, errors) = await EngineProcess.RunAsync("pbm", address, "cluster", "down-unreachable", "--json");
        cluster.Check(code == 0, output + errors);
        using (var report = JsonDocument.Parse(output))
        {
            var downed = Assert.Single(report.RootElement.GetProperty("addresses").EnumerateArray()).GetString();
            Assert.EndsWith(cluster.AddressOf(other), downed, StringComparison.Ordinal);
        }

        await cluster.GivenUpAsync(other);
        await cluster[other].ThawAsync();
        cluster.Check(await cluster.EndAsync(other) == 3, "the exit code of the node that woke");
        await GoneAsync(cluster, address);
    }

    Task<ClusterOfProcesses> CreateAsync(string settings = "")
    {
        _ = TestNode.Directory; // where all processes of the tests look for their token
        return ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2, settings: settings);
    }

    // Both run, and key groups of both; the address where the first is asked.
    static async Task<string> UpAsync(ClusterOfProcesses cluster)
    {
        cluster.Feed(perSecond: 300, seed: 23);
        var asked = cluster.Launch(cluster.Highest, cluster.WriteConfig("asked", Asked));
        await cluster.UpAsync(Other(cluster));
        await cluster.UntilAsync(() => Address().IsMatch(asked.Errors), "the address where it is asked");
        var address = Address().Match(asked.Errors).Groups[1].Value;
        await cluster.UntilAsync(async () => await AllRunAsync(address), "all key groups run");
        await cluster.MoreRowsAsync();
        return address;
    }

    // The other one has all key groups, and goes on.
    static async Task GoneAsync(ClusterOfProcesses cluster, string address)
    {
        await cluster.UntilAsync(async () => await AllRunAsync(address), "all key groups run on one node");
        await cluster.MoreRowsAsync();
        await cluster.FedAsync();
        await cluster.StopAsync(cluster.Highest);
        await cluster.ValidateAsync();
    }

    // Of two halves keep-majority keeps the one with the lowest address: the member that is given up would win.
    static int Other(ClusterOfProcesses cluster) => 1 - cluster.Highest;

    static async Task<bool> AllRunAsync(string address) => (await EngineProcess.RunAsync("cluster", address)).Code == 0;

    static async Task<string> MembersAsync(string address) =>
        (await EngineProcess.RunAsync("pbm", address, "cluster", "members", "--json")).Output;

    [GeneratedRegex(@"akkajoin: listens for questions at (127\.0\.0\.1:\d+) ")]
    private static partial Regex Address();
}
