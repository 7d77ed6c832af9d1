using System.Text.RegularExpressions;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A rest by <c>pbm</c> of a join that two nodes read.</summary>
[Trait("Needs", "Kafka")]
[Collection(ClusterServers.Name)]
public sealed partial class RestOfTwoNodesTests(RealKafka kafka, RealPostgres postgres)
{
    [ClusterFact]
    public async Task A_rest_holds_on_both_nodes_and_after_a_wake_every_row_is_there()
    {
        _ = TestNode.Directory; // where all processes of the tests look for their token
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2);
        cluster.Feed(perSecond: 300, seed: 31);
        var asked = cluster.Launch(0, cluster.WriteConfig("asked", "akkajoin.cluster.admin-port = 0"));
        await cluster.UpAsync(1);
        await cluster.UntilAsync(() => Address().IsMatch(asked.Errors), "the address where it is asked");
        var address = Address().Match(asked.Errors).Groups[1].Value;
        await cluster.MoreRowsAsync();

        await PbmAsync(cluster, "does it", 2, address, "join", "rest", "test");
        await cluster.UntilAsync(() => IsTold(cluster[0]) && IsTold(cluster[1]), "the word of both nodes");

        // Pairs still come.
        await cluster.MoreRowsAsync();
        await PbmAsync(cluster, "time rests", 1, address, "join", "list");
        await PbmAsync(cluster, "both sides are read", 1, address, "join", "wake", "test");
        await cluster.FedAsync();
        await cluster.StopAsync(0, 1);
        await cluster.ValidateAsync();
    }

    static async Task PbmAsync(ClusterOfProcesses cluster, string says, int times, string address, params string[] command)
    {
        var (code, output, errors) = await EngineProcess.RunAsync(["pbm", address, .. command]);
        cluster.Check(code == 0 && output.Split(says).Length == times + 1, $"{string.Join(' ', command)}: {code}, {output}{errors}");
    }

    static bool IsTold(EngineProcess node) => node.Errors.Contains("from now on both sides are read; time rests", StringComparison.Ordinal);

    [GeneratedRegex(@"akkajoin: listens for questions at (127\.0\.0\.1:\d+) ")]
    private static partial Regex Address();
}
