using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>Nodes that stop, die and freeze under load: nothing is lost, and what comes twice bears the same id.</summary>
[Trait("Needs", "Kafka")]
[Collection(ClusterServers.Name)]
public sealed class RollingTests(RealKafka kafka, RealPostgres postgres)
{
    [ClusterFact]
    public async Task Three_nodes_are_restarted_one_after_the_other_and_one_is_killed_and_every_row_is_there()
    {
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 3);
        cluster.Feed(perSecond: 1_000, seed: 11);
        await cluster.UpAsync(0, 1, 2);
        foreach (var node in new[] { 0, 1, 2 })
        {
            await cluster.MoreRowsAsync();
            await cluster.StopAsync(node);
            await cluster.UpAsync(node);
        }

        await cluster.MoreRowsAsync();
        await cluster.KillAsync(1);
        await cluster.UpAsync(1);
        await cluster.FedAsync();
        await cluster.StopAsync(0, 1, 2);
        Assert.True((await cluster.ValidateAsync()).Found > 1_000);
    }

    [ClusterFact]
    public async Task A_frozen_node_that_was_given_up_exits_with_3_when_it_wakes_and_commits_nothing()
    {
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, postgres.CreateDatabase(), nodes: 2);
        cluster.Feed(perSecond: 1_000, seed: 13);
        await cluster.UpAsync(0, 1);
        await cluster.MoreRowsAsync();
        using var stop = new CancellationTokenSource();
        var watch = GroupOffsets.WatchAsync(cluster.Join, stop.Token);
        var frozen = cluster.Highest;
        await cluster[frozen].FreezeAsync();
        var before = cluster.Offsets.Committed();
        await cluster.GivenUpAsync(frozen);
        await cluster.UntilAsync(() => cluster.Offsets.HavePassed(before), "the other node reads all partitions");

        await cluster[frozen].ThawAsync();
        var code = await cluster.EndAsync(frozen);
        cluster.Check(code == 3, $"the frozen node exits with {code}");
        await cluster.FedAsync();
        await stop.CancelAsync();
        Assert.Empty(await watch);
        await cluster.StopAsync(1 - frozen);
        await cluster.ValidateAsync();
    }

    [ClusterFact(ownPostgres: true)]
    public async Task Two_nodes_whose_journal_was_away_for_8_s_go_on_by_themselves()
    {
        using var server = RealPostgres.Own();
        await using var cluster = await ClusterOfProcesses.CreateAsync(kafka.BootstrapServers, server.CreateDatabase(), nodes: 2);
        cluster.Feed(perSecond: 500, seed: 17);
        await cluster.UpAsync(0, 1);
        await cluster.MoreRowsAsync();
        server.Kill();
        var outage = Task.Delay(TimeSpan.FromSeconds(8));
        await cluster.UntilAsync(() => cluster[0].Errors.Contains("lease could not be renewed", StringComparison.Ordinal), "a word of the outage");
        await outage;
        server.Start();
        await cluster.MoreRowsAsync();
        await cluster.FedAsync();
        await cluster.StopAsync(0, 1);
        await cluster.ValidateAsync();
    }
}
