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
