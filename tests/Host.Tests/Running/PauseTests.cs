using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>Pause and resume, rest and wake by <c>pbm</c>, on a node that is a process of its own.</summary>
public sealed class PauseTests : IDisposable
{
    const string Said = "questions at ";
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-pause-");

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [LongFact]
    public async Task A_pause_outlives_a_kill_and_after_a_resume_every_row_comes_once()
    {
        var config = Configure();
        using (var node = EngineProcess.Start("run", "-c", config))
        {
            var address = await AddressAsync(node);
            await Produce(0, 10);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Count == 10));
            var (code, output, errors) = await PbmAsync(address, "join", "pause", "j");
            Assert.True(code == 0, output + errors);
            Assert.Contains("no side is read", output, StringComparison.Ordinal);
            await Produce(10, 20);
            await AssertNothingIsReadAsync(address);
            Assert.Equal(Enumerable.Range(0, 10), Rows().Order());
            await node.KillAsync();
        }

        using (var node = EngineProcess.Start("run", "-c", config))
        {
            var address = await AddressAsync(node);
            await AssertNothingIsReadAsync(address);
            var (_, list, _) = await PbmAsync(address, "join", "list");
            Assert.Contains("j: no side is read", list, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(0, 10), Rows().Order());
            Assert.Equal(0, (await PbmAsync(address, "join", "resume", "j")).Code);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Count >= 20));
            var (code, output, errors) = await PbmAsync(address, "join", "drain", "j");
            Assert.True(code == 0, output + errors);
            Assert.Contains("its offsets are committed", output, StringComparison.Ordinal);
            Assert.Equal(0, await node.TerminateAsync());
        }

        Assert.Equal(Enumerable.Range(0, 20), Rows().Order());
    }

    [LongFact]
    public async Task A_rest_outlives_a_kill_and_no_record_is_given_up_before_the_wake()
    {
        var config = Configure("left");
        using (var node = await RestingAsync(config))
        {
            // An hour passes on both sides, and the partners of some are away.
            await Produce(100, 110, "l");
            await Produce(3_600_000, 3_600_001);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Contains(3_600_000)));
            Assert.Empty(Rows(unmatched: true));
            await node.KillAsync();
        }

        using (var node = EngineProcess.Start("run", "-c", config))
        {
            var address = await AddressAsync(node);
            await Produce(7_200_000, 7_200_001);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Contains(7_200_000)));
            Assert.Empty(Rows(unmatched: true));
            var (_, list, _) = await PbmAsync(address, "join", "list");
            Assert.Contains("time rests", list, StringComparison.Ordinal);
            var (_, board, _) = await PbmAsync(address, "time", "show", "j");
            Assert.Contains("time rests", board, StringComparison.Ordinal);

            // The other side is back for some.
            await Produce(105, 107, "r");
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Contains(106)));
            Assert.Equal(0, (await PbmAsync(address, "join", "wake", "j")).Code);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows(unmatched: true).Count >= 8));
            Assert.Equal(0, await node.TerminateAsync());
        }

        Assert.Equal([100, 101, 102, 103, 104, 107, 108, 109], Rows(unmatched: true).Order());
        Assert.Equal([.. Enumerable.Range(0, 10), 105, 106, 3_600_000, 7_200_000], Rows().Order());
    }

    [LongFact]
    public async Task A_bounded_run_of_a_join_that_rests_reads_all_and_gives_up_nothing()
    {
        var config = Configure("left");
        using (var node = await RestingAsync(config))
            Assert.Equal(0, await node.TerminateAsync());

        await Produce(100, 110, "l");
        await Produce(3_600_000, 3_600_001);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "-c", config, "--bounded");
        Assert.True(code == 0, output + errors);
        Assert.Equal([.. Enumerable.Range(0, 10), 3_600_000], Rows().Order());
        Assert.Empty(Rows(unmatched: true));

        using (var node = EngineProcess.Start("run", "-c", config))
        {
            var address = await AddressAsync(node);
            Assert.Equal(0, (await PbmAsync(address, "join", "wake", "j")).Code);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows(unmatched: true).Count >= 10));
            Assert.Equal(0, await node.TerminateAsync());
        }

        Assert.Equal(Enumerable.Range(100, 10), Rows(unmatched: true).Order());
    }

    // A node that has joined ten pairs, and whose time rests since then.
    async Task<EngineProcess> RestingAsync(string config)
    {
        var node = EngineProcess.Start("run", "-c", config);
        try
        {
            var address = await AddressAsync(node);
            await Produce(0, 10);
            await JoinOnKafka.PollAsync(() => Task.FromResult(Rows().Count == 10));
            var (code, output, errors) = await PbmAsync(address, "join", "rest", "j");
            Assert.True(code == 0, output + errors);
            Assert.Contains("both sides are read; time rests", output, StringComparison.Ordinal);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    // The board says of each partition why it is not read, once what was sent has reached the node.
    static async Task AssertNothingIsReadAsync(string address)
    {
        var board = "";
        await JoinOnKafka.PollAsync(async () =>
        {
            (_, board, _) = await PbmAsync(address, "time", "show", "j");
            return board.Split("paused: order").Length == 3;
        });
    }

    static Task<(int Code, string Output, string Errors)> PbmAsync(string address, params string[] command) =>
        EngineProcess.RunAsync(["pbm", address, .. command]);

    static async Task<string> AddressAsync(EngineProcess node)
    {
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains(Said, StringComparison.Ordinal)));
        var address = node.Errors[(node.Errors.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Split(' ')[0];
        await JoinOnKafka.PollAsync(async () => (await PbmAsync(address, "cluster", "show")).Code == 0);
        return address;
    }

    async Task Produce(int from, int to, params string[] topics)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        for (var i = from; i < to; i++)
        {
            var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"k\":{i},\"t\":{1_700_000_000_000 + i}}}"));
            foreach (var topic in topics.Length > 0 ? topics : ["l", "r"])
                await producer.ProduceAsync(topic, new Message<Null, byte[]> { Value = value });
        }
    }

    // The keys of the rows, of pairs or of lefts without a partner. One that may have been out when the node was killed
    // is written again, under its id.
    List<int> Rows(bool unmatched = false)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = _kafka.BootstrapServers,
            GroupId = Guid.NewGuid().ToString("N"),
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Assign(new TopicPartitionOffset("o", 0, Offset.Beginning));
        var (ids, keys) = (new HashSet<string>(), new List<int>());
        while (consumer.Consume(TimeSpan.FromSeconds(20)) is { IsPartitionEOF: false } record)
        {
            using var row = System.Text.Json.JsonDocument.Parse(record.Message.Value);
            var isUnmatched = row.RootElement.GetProperty("right").ValueKind == System.Text.Json.JsonValueKind.Null;
            if (isUnmatched == unmatched && ids.Add(Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(OutputHeaders.Id))))
                keys.Add(row.RootElement.GetProperty("left").GetProperty("k").GetInt32());
        }

        return keys;
    }

    string Configure(string type = "inner")
    {
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = 0
              joins.j {
                type = {{type}}, before = 0s, after = 1m, key-groups = 2
                left { topic = l, key = k, time = t }, right { topic = r, key = k, time = t }, output.topic = o
              }
            }
            """);
        return file;
    }
}
