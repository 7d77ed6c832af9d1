using System.Globalization;
using System.Text.Json;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary><c>time advise</c> on a node that joins records whose disorder and distances are known.</summary>
public sealed class TimeAdviceTests : IDisposable
{
    const string Said = "questions at ";
    const int Records = 3_000, LateOf = 20, StepMs = 1_000, BehindMs = 45_000, PairMs = 7_000;

    // Up to a minute ago: one record a second.
    readonly long _start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Records * StepMs) - 60_000;
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-advice-");

    public TimeAdviceTests()
    {
        _ = TestNode.Directory;
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Disorder_of_a_known_size_is_found_and_the_limit_that_ends_it_is_advised()
    {
        // Of twenty lefts one lies 45 s behind the highest time before it; rights lie 7 s behind their lefts.
        Produce("l", Enumerable.Range(0, Records).Select(i => Record(i, i % LateOf == LateOf - 1 ? StepMs + BehindMs : 0)));
        Produce("r", Enumerable.Range(0, Records).Select(i => Record(i, i % LateOf == LateOf - 1 ? StepMs + BehindMs : 0, PairMs)));
        using var node = EngineProcess.Start("run", "-c", Configure());
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains(Said, StringComparison.Ordinal)));
        var address = node.Errors[(node.Errors.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Split(' ')[0];
        JsonElement advice = default;
        await JoinOnKafka.PollAsync(async () =>
        {
            var (code, output, _) = await EngineProcess.RunAsync("pbm", address, "time", "advise", "j", "--json");
            if (code != 0)
                return false;
            advice = JsonDocument.Parse(output).RootElement;
            return advice.GetProperty("left").GetProperty("records").GetInt64() == Records
                && advice.GetProperty("right").GetProperty("records").GetInt64() == Records
                && advice.GetProperty("window").GetProperty("pairs").GetInt64() > 0;
        });

        var left = advice.GetProperty("left");
        Assert.Equal((BehindMs, 0), (left.GetProperty("maxDisorderMs").GetInt32(), left.GetProperty("worstPartition").GetInt32()));
        var shares = advice.GetProperty("choices").EnumerateArray().ToDictionary(
            choice => choice.GetProperty("maxOutOfOrdernessMs").GetInt64(), choice => choice.GetProperty("leftLateShare").GetDouble());
        const double Late = 1.0 / LateOf;
        Assert.Equal([Late, Late, Late, 0], new[] { 1_000L, 5_000, 30_000, 60_000 }.Select(limit => shares[limit]));
        Assert.Equal(1, advice.GetProperty("window").GetProperty("after").GetProperty("leftIfHalvedShare").GetDouble());
        Assert.Equal("akkajoin.joins.j.max-out-of-orderness", advice.GetProperty("setting").GetProperty("key").GetString());
        Assert.Equal("1 min", advice.GetProperty("setting").GetProperty("value").GetString());

        var (_, text, _) = await EngineProcess.RunAsync("pbm", address, "time", "advise");
        Assert.Contains("advice: Set max-out-of-orderness = 1 min: 0 % of the lefts would be late", text, StringComparison.Ordinal);
        var (_, shown, _) = await EngineProcess.RunAsync("pbm", address, "join", "show");
        Assert.Contains("warning: max.poll.interval.ms is 30 s, and while the journal is away", shown, StringComparison.Ordinal);
        Assert.Equal(0, await node.TerminateAsync());
    }

    string Record(int number, int behindMs, int afterMs = 0) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"k":"k{{number}}","t":{{_start + (number * StepMs) - behindMs + afterMs}}}""");

    void Produce(string topic, IEnumerable<string> values)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        foreach (var value in values)
            producer.Produce(topic, new Message<Null, string> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    string Configure()
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka { bootstrap-servers = "{{_kafka.BootstrapServers}}", consumer."max.poll.interval.ms" = 30000 }
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = 0
              joins.j {
                type = left, before = 0s, after = 1m, key-groups = 4
                left { topic = l, key = k, time = t }, right { topic = r, key = k, time = t }, output.topic = o
              }
            }
            """);
        return file;
    }
}
