using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>What a bounded run reads, and what it does with time at its end, on a real Kafka.</summary>
[Trait("Needs", "Kafka")]
public sealed class BoundedRunTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    const string Left = """{"profile":"m1","title":"t1","ts":1000000,"id":"a"}""";
    const string Right = """{"profile":"m1","title":"t1","ts":1000001,"id":"b"}""";

    [RealKafkaFact]
    public async Task An_open_transaction_keeps_time_open_until_a_run_after_its_end()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "left", partitions: 2);
        join.Produce(join.Left, 0, Left);
        using var transaction = join.BeginTransaction(join.Right, 0, Right);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 4, output + errors);
        Assert.Contains($"{join.Right}/0: 1 offsets from 0 on", output, StringComparison.Ordinal);
        Assert.Equal(0, join.RowCount());

        transaction.CommitTransaction();
        (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Equal("matched", Assert.Single(join.ReadRows()).Kind);
    }

    [RealKafkaFact]
    public async Task Told_to_close_anyway_it_closes_time_over_an_open_transaction()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "left", partitions: 2);
        join.Produce(join.Left, 0, Left);
        using var transaction = join.BeginTransaction(join.Right, 0, Right);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "--close-anyway", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Contains("will be late", errors, StringComparison.Ordinal);
        Assert.Equal("unmatched", Assert.Single(join.ReadRows()).Kind);
        transaction.AbortTransaction();
    }
}
