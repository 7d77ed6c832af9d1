using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Scenarios;

/// <summary>Scenarios of a configured join: raw records in, rows as its row writer writes them out.</summary>
public sealed class ConfiguredScenarioTests : IDisposable
{
    const string Config = """
        akkajoin {
          kafka.bootstrap-servers = "nowhere:9092"
          joins.orders {
            type = left
            before = 0s, after = 10s
            where = "left.kind = right.kind"
            left { topic = orders, key = user, time = ts, id = id, filter = "test is null" }
            right { topic = payments, key = record-key, time = record-timestamp, id = "header:id" }
            max-out-of-orderness = 5s
            output { topic = paid, select = ["key", "left.id as order", "right.amount as amount"] }
          }
        }
        """;

    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-scenario").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_example_of_the_documentation_comes_out_as_it_expects()
    {
        var hocon = Path.Combine(Root(), "hocon");
        var (code, output) = Run(
            "-c", Path.Combine(hocon, "take-rate.conf"), "--join", "take-rate", Path.Combine(hocon, "take-rate.scenarios.jsonl"));
        Assert.True(code == ExitCodes.Good, output);
        Assert.Contains("note: step 0: dead letter, missing-time", output, StringComparison.Ordinal);
        Assert.Contains("note: step 1: dead letter, malformed-json", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_filter_where_key_time_id_and_select_are_those_of_the_configuration()
    {
        var (code, output) = RunCase(
            """{"in": "left", "value": {"user": "u", "ts": 1000, "id": "o1", "kind": 1}}""",
            """{"in": "left", "value": {"user": "u", "ts": 1000, "id": "o2", "kind": 1, "test": true}}""",
            """{"in": "right", "key": "u", "timestamp": 2000, "value": {"amount": 5, "kind": 1.0}, "headers": {"id": "p1"}}""",
            """{"in": "right", "key": "u", "timestamp": 2000, "value": {"amount": 5, "kind": 1}, "headers": {"id": "p1"}}""",
            """{"in": "right", "key": "u", "timestamp": 2000, "value": {"amount": 6, "kind": 2}, "headers": {"id": "p2"}}""",
            """{"in": "right", "key": "v", "timestamp": 2000, "value": {"amount": 7, "kind": 1}}""",
            """{"expect": [{"key": "u", "order": "o1", "amount": 5}]}""");
        Assert.True(code == ExitCodes.Good, output);
        Assert.Contains("note: step 1: filtered", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_move_time_less_max_out_of_orderness()
    {
        // The window of the left closes at 11,000. The rights reach 11,001 with a record of 16,001.
        var (code, output) = RunCase(
            """{"in": "left", "value": {"user": "u", "ts": 1000, "id": "o1", "kind": 1}}""",
            """{"in": "right", "key": "w", "timestamp": 16000, "value": {"kind": 1}}""",
            """{"expect": []}""",
            """{"in": "right", "key": "w", "timestamp": 16001, "value": {"kind": 1}}""",
            """{"expect": [{"key": "u", "order": "o1", "amount": null}]}""");
        Assert.True(code == ExitCodes.Good, output);
    }

    [Fact]
    public void A_watermark_step_moves_time_too_and_late_records_are_named_by_id()
    {
        // o1 is late by 1 ms: it waits for partners, but never comes out alone. o2 is in time.
        var results = Path.Combine(_directory, "results");
        var (code, output) = RunCase(
            ["--out", results],
            """{"watermark": {"left": 5000}}""",
            """{"in": "left", "value": {"user": "u", "ts": 4999, "id": "o1", "kind": 1}}""",
            """{"in": "left", "value": {"user": "u", "ts": 5000, "id": "o2", "kind": 1}}""",
            """{"watermark": {"right": 15001}}""",
            """{"expect": [{"key": "u", "order": "o2", "amount": null}]}""");
        Assert.True(code == ExitCodes.Good, output);
        Assert.Equal(
            """{"name":"case","rows":[{"row":{"key":"u","order":"o2","amount":null},"step":3}],"late":["o1"]}""",
            File.ReadAllText(results).Trim());
    }

    [Fact]
    public void A_difference_shows_the_row_that_came()
    {
        var (code, output) = RunCase(
            """{"in": "left", "value": {"user": "u", "ts": 1000, "id": "o1", "kind": 1}}""",
            """{"in": "right", "key": "u", "timestamp": 2000, "value": {"amount": 5, "kind": 1}}""",
            """{"expect": [{"key":"u","order":"o1","amount":6}]}""");
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.Contains("""step 2: missing     {"key":"u","order":"o1","amount":6}""", output, StringComparison.Ordinal);
        Assert.Contains("""{"row":{"key":"u","order":"o1","amount":5},"step":1}""", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_with_a_join_of_its_own_a_wrong_name_and_a_wrong_configuration_are_refused()
    {
        var file = Write("""{"name": "case", "join": {"type": "inner", "before": 0, "after": 0}, "steps": []}""");
        var (code, output) = Run("-c", WriteConfig(), "--join", "orders", file);
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.Contains("\"join\" is there, but the case runs the join orders of the configuration", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, Run("-c", WriteConfig(), "--join", "none", file).Code);
        Assert.Equal(ExitCodes.Config, Run("-c", WriteConfig(), "--set", "akkajoin.joins.orders.type=outer", file).Code);
    }

    (int Code, string Output) RunCase(params string[] steps) => RunCase([], steps);

    (int Code, string Output) RunCase(string[] options, params string[] steps) =>
        Run([.. options, "-c", WriteConfig(), "--join", "orders", Write($$"""{"name": "case", "steps": [{{string.Join(", ", steps)}}]}""")]);

    string Write(string line)
    {
        var file = Path.Combine(_directory, "cases.jsonl");
        File.WriteAllText(file, line);
        return file;
    }

    string WriteConfig()
    {
        var file = Path.Combine(_directory, "akkajoin.conf");
        File.WriteAllText(file, Config);
        return file;
    }

    static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "AkkaJoin.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }

    static (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = CommandLine.RunAsync(["scenario", .. arguments], output, output).GetAwaiter().GetResult();
        return (code, output.ToString());
    }
}
