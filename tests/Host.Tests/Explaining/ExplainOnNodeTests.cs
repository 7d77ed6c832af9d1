using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Microsoft.Data.Sqlite;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Host.Tests.Explaining;

/// <summary>
/// <c>akkajoin explain</c> as a process, on a node that is one: reasons that need a node that stands still, or another
/// definition.
/// </summary>
public sealed class ExplainOnNodeTests : IDisposable
{
    const string Said = "questions at ";
    const long Ten = ExplainedJoins.Ten;
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-explain-node-");

    readonly ITestOutputHelper _output;

    public ExplainOnNodeTests(ITestOutputHelper output)
    {
        _output = output;
        _ = TestNode.Directory; // where all processes of the tests look for their token
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
    }

    string Journal => Path.Combine(_directory.FullName, "journal");

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task While_the_journal_stands_still_records_are_in_flight_and_those_behind_them_not_read()
    {
        using var node = EngineProcess.Start("run", "-c", Configure("inner"));
        var address = await AddressAsync(node);
        Produce("l", Record("a", 0));
        Produce("r", Record("b", 0));
        await UntilAsync(address, "waiting", "left:0:0");

        using (var journal = Lock())
        {
            Produce("l", Record("a", 1));
            var inFlight = await UntilAsync(address, "in-flight", "left:0:1");
            Assert.Contains("Left 0:1 (key a, 10:00:01 UTC) was read", inFlight, StringComparison.Ordinal);

            // More than may be in flight; what comes then is not read.
            foreach (var i in Enumerable.Range(2, 20))
                Produce("l", Record("a", 1, new string('x', 1_000)));
            await UntilAsync(address, "in-flight", "left:0:2");
            Produce("l", Record("a", 2, new string('x', 1_000)));
            Produce("l", Record("a", 2));
            var text = await UntilAsync(address, "not-read", "left:0:23", expectsText: "paused");
            Assert.Contains(
                "it is paused, because what was read of it is not acknowledged by the key groups", text, StringComparison.Ordinal);
        }

        await UntilAsync(address, "waiting", "left:0:23");
        Assert.Equal(0, await node.TerminateAsync());
    }

    [Fact]
    public async Task A_row_of_an_earlier_definition_says_so()
    {
        var file = Configure("attribution", "attribution.max-lefts = 1");
        Produce("l", Record("f", 0), Record("f", 1));
        Produce("r", Record("f", 3));
        using (var first = EngineProcess.Start("run", "-c", file))
        {
            var address = await AddressAsync(first);
            Produce("l", Record("z", 200));
            Produce("r", Record("z", 200));
            await UntilAsync(address, "joined", "right:0:0");
            await UntilAsync(address, "beyond-max-lefts", "0:1", "0:0");
            Assert.Equal(0, await first.TerminateAsync());
        }

        file = Configure("attribution", "attribution.max-lefts = 3");
        var (code, _, errors) = await EngineProcess.RunAsync("definition", "-c", file, "--apply");
        Assert.True(code == 0, errors);
        using var second = EngineProcess.Start("run", "-c", file);
        var text = await UntilAsync(await AddressAsync(second), "earlier-definition", "0:1", "0:0");
        Assert.Contains("It was written when max-lefts was 1; now it is 3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_a_late_partner_repaired_is_superseded()
    {
        using var node = EngineProcess.Start("run", "-c", Configure("left", "late { policy = repair, repair-for = 10m }"));
        var address = await AddressAsync(node);
        Produce("l", Record("a", 0));
        await UntilAsync(address, "waiting", "left:0:0");
        Produce("r", Record("z", 100));
        var alone = await UntilAsync(address, "keys-differ", "left:0:0");
        Assert.Contains("Left 0:0 (key a, 10:00:00 UTC) came out without a partner: o/0@0", alone, StringComparison.Ordinal);
        Assert.Contains("Until W_right passes 10:10:10 UTC a partner that comes late can still join it", alone, StringComparison.Ordinal);
        var (code, entries, errors) = await EngineProcess.RunAsync("pbm", address, "join", "key", "a", "--json");
        Assert.True(code == 0, errors);
        using (var json = JsonDocument.Parse(entries))
            Assert.Equal("repairable", json.RootElement.GetProperty("left").GetProperty("entries")[0].GetProperty("state").GetString());

        Produce("r", Record("a", 5));
        var text = await UntilAsync(address, "superseded", "left:0:0");
        Assert.Contains("came out without a partner, as o/0@0", text, StringComparison.Ordinal);
        Assert.Contains("Then a partner came late, and another row took the place of that one: o/0@1", text, StringComparison.Ordinal);
        Assert.EndsWith("It is the row with right 0:1 (10:00:05 UTC).", text, StringComparison.Ordinal);
        await UntilAsync(address, "joined", "left:0:0", "right:0:1");
        Assert.Equal(0, await node.TerminateAsync());
    }

    [Fact]
    public async Task Times_are_judged_by_the_limits_that_the_join_runs_with_and_not_by_a_default_that_it_does_not_have()
    {
        var file = Configure("inner", "max-ahead-of-wall-clock = unlimited");
        var ahead = DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeMilliseconds();
        Produce("l", $$"""{"k":"a","ts":{{ahead}}}""");
        using (var first = EngineProcess.Start("run", "-c", file))
        {
            await UntilAsync(await AddressAsync(first), "waiting", "left:0:0");
            Assert.Equal(0, await first.TerminateAsync());
        }

        // Of a join that there is the journal's word counts, where the key is not set.
        file = Configure("inner");
        using var second = EngineProcess.Start("run", "-c", file);
        var address = await AddressAsync(second);
        await UntilAsync(address, "waiting", "left:0:0");
        Assert.Equal(0, await DeadLettersAsync("explain", "j", "--node", address, "--json"));

        // A new join would have the default.
        Assert.Equal(1, await DeadLettersAsync("explain", "j", "--preview", "-c", file, "--json"));
        Assert.Equal(0, await second.TerminateAsync());
    }

    static async Task<long> DeadLettersAsync(params string[] arguments)
    {
        var (code, answer, errors) = await EngineProcess.RunAsync(arguments);
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("left").GetProperty("deadLetters").EnumerateObject().Sum(reason => reason.Value.GetInt64());
    }

    [Fact]
    public async Task Without_json_the_answer_is_a_sentence_the_code_and_the_evidence()
    {
        Produce("l", Record("a", 0));
        Produce("r", Record("A", 0));
        using var node = EngineProcess.Start("run", "-c", Configure("inner"));
        var address = await AddressAsync(node);
        var (code, text, errors) = await EngineProcess.RunAsync("explain", "j", "0:0", "0:0", "--node", address);
        Assert.True(code == 0, errors);
        Assert.StartsWith("The keys differ: left 0:0 has a, right 0:0 has A; they differ in case.", text, StringComparison.Ordinal);
        Assert.Equal("keys-differ (inferred)", text.Split('\n')[1]);
        Assert.Contains("  l/0@0: key a, event time 2019-11-12T10:00:00.000Z", text, StringComparison.Ordinal);
        var (wrong, _, message) = await EngineProcess.RunAsync("explain", "nobody", "0:0", "--node", address);
        Assert.Equal(64, wrong);
        Assert.Contains("this node runs no join 'nobody'; joins are j", message, StringComparison.Ordinal);
    }

    // Nobody writes to the journal any more.
    SqliteConnection Lock()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Journal, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    static async Task<string> AddressAsync(EngineProcess node)
    {
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains(Said, StringComparison.Ordinal)));
        return node.Errors[(node.Errors.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Split(' ')[0];
    }

    // The answer's text, once it has the reason.
    async Task<string> UntilAsync(string address, string reason, string left, string? right = null, string expectsText = "")
    {
        var (last, text) = ("", "");
        string[] records = right is null ? [left] : [left, right];
        try
        {
            await JoinOnKafka.PollAsync(async () =>
            {
                var (_, answer, errors) = await EngineProcess.RunAsync(["explain", "j", .. records, "--node", address, "--json"]);
                last = answer + errors;
                if (answer.Length == 0)
                    return false;
                using var json = JsonDocument.Parse(answer);
                text = json.RootElement.GetProperty("text").GetString()!;
                return json.RootElement.GetProperty("reason").GetString() == reason && text.Contains(expectsText, StringComparison.Ordinal);
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{left} {right} is not {reason} but {last}");
        }

        _output.WriteLine($"{reason}: {text}");
        return text;
    }

    static string Record(string key, int seconds, string more = "") =>
        $$"""{"k":"{{key}}","ts":{{Ten + (seconds * 1_000)}},"more":"{{more}}"}""";

    void Produce(string topic, params string[] values)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        foreach (var value in values)
            producer.Produce(new TopicPartition(topic, 0), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(value) });
        producer.Flush();
    }

    string Configure(string type, string more = "")
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka { bootstrap-servers = "{{_kafka.BootstrapServers}}", session-timeout = 6s }
              sqlite.directory = "{{Journal}}"
              flow {
                commit-interval = 100ms, tick-interval = 50ms, linger = 1ms
                batch-bytes-max = 4 KiB, partition-in-flight-bytes-max = 4 KiB
              }
              admin.port = 0
              joins.j {
                type = {{type}}, before = 0s, after = 10s, max-out-of-orderness = 0s, key-groups = 2
                left { topic = l, key = k, time = ts }, right { topic = r, key = k, time = ts }, output { topic = o, create = off }
                {{more}}
              }
            }
            """);
        return file;
    }
}
