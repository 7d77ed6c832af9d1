using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Cluster;

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
        Assert.True((await cluster.JudgeAsync()).Found > 1_000);
    }
}
