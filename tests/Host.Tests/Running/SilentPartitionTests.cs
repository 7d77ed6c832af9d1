using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests;
using Confluent.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>Partitions that fall silent, on a node that is a process of its own.</summary>
public sealed class SilentPartitionTests(ITestOutputHelper output) : IDisposable
{
    const int TimeoutMs = 2_000, AfterMs = 1_000, DisorderMs = 500;

    // A machine with more to do than this test may be late by so much.
    const int SlackMs = 15_000;

    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-silent-");

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task An_unmatched_row_comes_within_the_time_out_of_being_due_though_one_partition_is_silent()
    {
        using var node = EngineProcess.Start("run", "-c", Configure(rightPartitions: 2));
        await SendAsync("r", 1, "first", Now);
        await SendAsync("l", 0, "first", Now);
        await JoinOnKafka.PollAsync(() => Task.FromResult(Rows("o").Count > 0));
        await SendAsync("r", 1, "silent from here on", Now);
        var left = Now;
        await SendAsync("l", 0, "a", left);
        await WaitForRowAsync("a", left, lagMs: 0, async () => await SendAsync("r", 0, "other", Now));
        Assert.Equal(0, await node.TerminateAsync());
    }

    [Fact]
    public async Task A_silent_partition_that_comes_back_with_the_lag_it_had_makes_nothing_late()
    {
        const int lagMs = 3_600_000;
        using var node = EngineProcess.Start("run", "-c", Configure(rightPartitions: 1));
        for (var round = 0; round < 3; round++)
        {
            // Both come back an hour behind the clock, as they were.
            var time = Now - lagMs;
            await SendAsync("r", 0, Key("pair", round), time);
            await SendAsync("l", 0, Key("pair", round), time);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows("o").Count == 1 + (2 * round)));
            var left = Now - lagMs;
            await SendAsync("l", 0, Key("alone", round), left);
            await WaitForRowAsync(Key("alone", round), left, lagMs, () => Task.CompletedTask);
        }

        Assert.Equal(0, await node.TerminateAsync());
        var kinds = Rows("o").ToDictionary(row => row.Key, row => row.Kind);
        Assert.All(Enumerable.Range(0, 3), round => Assert.Equal("matched", kinds[Key("pair", round)]));
        Assert.Equal(6, kinds.Count);
        Assert.Empty(Rows("o.late"));
    }

    [LongFact]
    public async Task A_bounded_run_waits_for_a_partition_that_was_left_out_before_it()
    {
        var config = Configure(rightPartitions: 2, policy: "exclude");
        using (var node = EngineProcess.Start("run", "-c", config))
        {
            await SendAsync("l", 0, "first", Now);
            foreach (var partition in new[] { 0, 1 })
                await SendAsync("r", partition, "first", Now);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows("o").Count > 0));
            var left = Now;
            await SendAsync("l", 0, "a", left);
            await JoinOnKafka.PollAsync(async () =>
            {
                await SendAsync("r", 0, "other", Now);
                return Rows("o").Exists(row => row.Key == "a");
            });
            Assert.Equal(0, await node.TerminateAsync());
        }

        // While no node runs, one partition gets far ahead of the one that was left out.
        var time = Now + 10_000;
        await SendAsync("l", 0, "b", time);
        await SendAsync("r", 0, "other", time + 60_000);
        await SendAsync("r", 1, "b", time);
        var (code, text, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", config);
        Assert.True(code == 0, text + errors);
        Assert.Equal("matched", Assert.Single(Rows("o"), row => row.Key == "b").Kind);
        Assert.Empty(Rows("o.late"));
    }

    static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    static string Key(string name, int round) => name + round.ToString(CultureInfo.InvariantCulture);

    // Due when a record of the silent partition would have said so: at its time, the window and the disorder later.
    async Task WaitForRowAsync(string key, long time, long lagMs, Func<Task> meanwhile)
    {
        var dueAt = time + AfterMs + DisorderMs + lagMs;
        await JoinOnKafka.PollAsync(async () =>
        {
            await meanwhile();
            return Rows("o").Exists(row => row.Key == key);
        });
        var row = Rows("o").Find(row => row.Key == key);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the row of {key} came {row.WrittenAt - dueAt} ms after it was due, the time-out is {TimeoutMs} ms"));
        Assert.Equal("unmatched", row.Kind);
        Assert.InRange(row.WrittenAt - dueAt, TimeoutMs - DisorderMs, TimeoutMs + SlackMs);
    }

    async Task SendAsync(string topic, int partition, string key, long time)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"k\":\"{key}\",\"t\":{time}}}"));
        await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<Null, byte[]> { Value = value });
    }

    // The outputs of a topic by the keys of their records; one that comes again is there once.
    List<(string Key, string Kind, long WrittenAt)> Rows(string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = _kafka.BootstrapServers,
            GroupId = Guid.NewGuid().ToString("N"),
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var rows = new List<(string, string, long)>();
        while (consumer.Consume(TimeSpan.FromSeconds(20)) is { IsPartitionEOF: false } record)
        {
            using var row = System.Text.Json.JsonDocument.Parse(record.Message.Value);
            var kind = record.Message.Headers.TryGetLastBytes(OutputHeaders.Row, out var bytes) ? Encoding.UTF8.GetString(bytes) : "late";
            var key = kind == "late" ? "" : row.RootElement.GetProperty("key").GetString()!;
            rows.Add((key, kind, record.Message.Timestamp.UnixTimestampMs));
        }

        return rows;
    }

    string Configure(int rightPartitions, string policy = "wall-clock")
    {
        foreach (var topic in new[] { "l", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
        _kafka.CreateTopic("r", rightPartitions);
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = 0
              joins.j {
                type = left, before = 0s, after = {{AfterMs}}ms, max-out-of-orderness = {{DisorderMs}}ms, key-groups = 2
                idle { policy = {{policy}}, timeout = {{TimeoutMs}}ms }
                left { topic = l, key = k, time = t }, right { topic = r, key = k, time = t }
                output { topic = o, timestamp = now }
              }
            }
            """);
        return file;
    }
}
