using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>What a bounded run reads, and what it does with time at its end, on a real Kafka.</summary>
[Trait("Needs", "Kafka")]
public sealed class BoundedRunTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    const string Left = """{"profile":"m1","title":"t1","ts":1000000,"id":"a"}""";
    const string Right = """{"profile":"m1","title":"t1","ts":1000001,"id":"b"}""";

    [RealKafkaFact(isLong: true)]
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

    [RealKafkaFact(isLong: true)]
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

    [RealKafkaFact]
    public async Task A_join_of_the_same_file_reads_all_that_the_one_before_it_wrote()
    {
        const string second = """
            akkajoin.joins.after-test {
              type = inner, before = 0s, after = 10m, group-id = "GROUP"
              left { topic = "ROWS", time = leftTime }
              right { topic = "RIGHT", key = [profile, title], time = ts }
              output { topic = "ROWS-2", partitions = 1 }
            }
            """;
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2);
        await File.AppendAllTextAsync(
            join.ConfigFile,
            second.Replace("GROUP", join.GroupId + "-2", StringComparison.Ordinal).Replace("ROWS", join.Rows, StringComparison.Ordinal).Replace("RIGHT", join.Right, StringComparison.Ordinal));
        join.Produce(join.Left, 0, Left);
        join.Produce(join.Right, 0, Right);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Contains("after-test: 2 records read, 1 row out, 0 records to the late topic", output, StringComparison.Ordinal);
        (_, output, _) = await EngineProcess.RunAsync("check", "-c", join.ConfigFile);
        Assert.Contains($"after-test: reads {join.Rows}, which test writes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joins_that_read_each_other_s_rows_are_refused_before_anything_is_read()
    {
        var directory = Directory.CreateTempSubdirectory("akkajoin-test-");
        var file = Path.Combine(directory.FullName, "akkajoin.conf");
        await File.WriteAllTextAsync(file, """
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              joins.a { type = inner, before = 0s, after = 0s, left.topic = in, right.topic = rows-b, output.topic = rows-a }
              joins.b { type = inner, before = 0s, after = 0s, left.topic = rows-a, right.topic = in, output.topic = rows-b }
            }
            """);
        var error = new StringWriter();
        Assert.Equal(78, await AkkaJoin.Host.Cli.CommandLine.RunAsync(["run", "--bounded", "-c", file], new StringWriter(), error));
        Assert.Contains("the joins b, a read each other's topics in a circle", error.ToString(), StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    [KafkaAndPostgresFact]
    public async Task Beside_a_live_node_of_the_same_join_it_is_refused_and_the_node_is_named()
    {
        using var database = RealPostgres.Own();
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, partitions: 2, postgresql: database.CreateDatabase());
        join.Produce(join.Left, 0, Left);
        join.Produce(join.Right, 0, Right);
        using var live = EngineProcess.Start("run", "-c", join.ConfigFile);
        await join.RowsAsync(1);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 1, output + errors);
        Assert.Matches("join 'test' runs on 127\\.0\\.0\\.1:[0-9]+ already", errors);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);

        join.Produce(join.Left, 1, Left.Replace("\"a\"", "\"c\"", StringComparison.Ordinal));
        await join.RowsAsync(2);
        Assert.Equal(0, await live.TerminateAsync());
    }
}
