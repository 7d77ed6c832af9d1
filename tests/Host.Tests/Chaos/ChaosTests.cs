using System.Text.Json;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

/// <summary>Short runs of chaos as a user starts them, one node on SQLite.</summary>
[Trait("Needs", "Kafka")]
public sealed class ChaosTests(RealKafka kafka) : IClassFixture<RealKafka>, IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [RealKafkaFact(isLong: true)]
    public async Task Killed_by_seed_over_a_real_Kafka_and_resumed_the_join_stays_exact()
    {
        var file = Configure(kafka.BootstrapServers, "full");
        var run = Path.Combine(_directory.FullName, "run");
        var seed = Random.Shared.Next(1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] chaos = ["chaos", "-c", file, "--minutes", "0.2", "--faults", "20", "--seed", seed, "--directory", run, "--json"];

        var first = Exact(await EngineProcess.RunAsync(chaos));
        var second = Exact(await EngineProcess.RunAsync([.. chaos, "--resume"]));

        Assert.True(Faults(first) >= 4);
        Assert.True(Faults(second) >= 4);
        Assert.True(second.GetProperty("rows").GetInt64() > first.GetProperty("rows").GetInt64());
        Assert.True(File.Exists(Path.Combine(run, "timeline.jsonl")));
    }

    [LongFact]
    public async Task Without_a_Kafka_it_runs_on_the_embedded_broker_and_leaves_nothing_behind()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "akkajoin-chaos-*").ToHashSet();
        var (code, output, errors) = await EngineProcess.RunAsync(
            "chaos", "-c", Configure("127.0.0.1:1", "attribution"), "--embedded", "--minutes", "0.15", "--faults", "15");

        Assert.True(code == 0, output + errors);
        Assert.Contains("EXACT", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "akkajoin-chaos-*"), d => !before.Contains(d));
    }

    [LongFact]
    public async Task The_users_own_records_are_fed_from_files()
    {
        var (left, right) = (Path.Combine(_directory.FullName, "left.jsonl"), Path.Combine(_directory.FullName, "right.jsonl"));
        File.WriteAllLines(left, Enumerable.Range(0, 2_000).Select(i => $$"""{"k":{{i % 50}},"t":{{1_000 * i}},"id":"l{{i}}"}"""));
        File.WriteAllLines(right, Enumerable.Range(0, 1_000).Select(i => $$"""{"k":{{i % 50}},"t":{{2_000 * i}},"id":"r{{i}}"}"""));

        var (code, output, errors) = await EngineProcess.RunAsync(
            "chaos", "-c", Configure("127.0.0.1:1", "left"), "--embedded", "--minutes", "0.15", "--faults", "15", "--json", "--input", left, right);

        Assert.Equal(3_000, Exact((code, output, errors)).GetProperty("fed").GetInt64());
    }

    [Fact]
    public async Task A_node_that_cannot_run_fails_the_run_with_its_last_lines()
    {
        var file = Configure("127.0.0.1:1", "inner", "akka.scheduler.implementation = nonsense");

        var (code, _, errors) = await EngineProcess.RunAsync("chaos", "-c", file, "--embedded", "--minutes", "0.15", "--directory", Path.Combine(_directory.FullName, "run"));

        Assert.Equal(1, code);
        Assert.Contains("node 1 ended with exit code", errors, StringComparison.Ordinal);
        Assert.Contains("nonsense", errors, StringComparison.Ordinal);
    }

    static JsonElement Exact((int Code, string Output, string Errors) run)
    {
        Assert.True(run.Code == 0, run.Output + run.Errors);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(result.GetProperty("exact").GetBoolean());
        Assert.Equal(0, result.GetProperty("lateRecords").GetInt64());
        return result;
    }

    static int Faults(JsonElement result) => result.GetProperty("faults").EnumerateArray().Sum(f => f.GetProperty("count").GetInt32());

    string Configure(string servers, string type, string more = "")
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka { bootstrap-servers = "{{servers}}", session-timeout = 6s }
              flow.commit-interval = 500ms
              joins.mine {
                type = {{type}}, before = 0s, after = 10m
                left { topic = mine-left, key = k, time = t, id = id }
                right { topic = mine-right, key = k, time = t, id = id }
                output.topic = mine-rows
              }
            }
            {{more}}
            """);
        return file;
    }
}
