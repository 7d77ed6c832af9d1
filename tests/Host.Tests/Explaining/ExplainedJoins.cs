using System.Text;
using AkkaJoin.Cockpit.Explain;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Xunit;
using JoinNode = AkkaJoin.Host.Running.Node;

namespace AkkaJoin.Host.Tests.Explaining;

/// <summary>
/// Joins of several types over the same two topics of an embedded Kafka, in one node, and records of each fate. One run
/// for all tests of a class.
/// </summary>
public sealed class ExplainedJoins : IAsyncLifetime, IDisposable
{
    /// <summary>10:00:00 of some day.</summary>
    internal const long Ten = 1_573_552_800_000;

    static readonly string[] Joins = ["pairs", "inner", "credit", "fresh"];
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-explain-");
    readonly ExplainDesk _desk = new(new ExplainLimits());
    LoadedConfig _config = null!;
    JoinNode? _node;

    public async Task InitializeAsync()
    {
        foreach (var topic in Joins.SelectMany(join => new[] { join, join + ".late", join + ".dead" }).Append("l").Append("r"))
            _kafka.CreateTopic(topic, 1);
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        await File.WriteAllTextAsync(file, Configuration());
        Produce("l", First('l'));
        Produce("r", First('r'));
        _config = ConfigLoader.Load(file);
        _node = await JoinNode.StartAsync(_config, new EngineOptions(), null, CancellationToken.None);

        // Each step is an event of its own: what comes in one event is not late to itself.
        await UntilAsync("pairs", "0:8", null, ExplainReason.Waiting);
        await UntilAsync("credit", "0:8", null, ExplainReason.Waiting);
        Produce("r", [Record("z", "r-z", 200)]);
        Produce("l", [Record("z", "l-z", 200)]);
        await UntilAsync("pairs", "0:8", null, ExplainReason.KeysDiffer);
        await UntilAsync("inner", "0:8", null, ExplainReason.NoRowByType);
        await UntilAsync("credit", "0:8", null, ExplainReason.KeysDiffer);
        await UntilAsync("credit", "right:0:6", null, ExplainReason.Joined);
        Produce("r", [Record("w", "r-w", 25)]);
        await UntilAsync("pairs", "0:8", "0:8", ExplainReason.Late);
        await UntilAsync("credit", "0:8", "0:8", ExplainReason.LateRight);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Deletes all records of a topic.</summary>
    internal void Trim(string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = _kafka.BootstrapServers, GroupId = "trim" }).Build();
        _kafka.Trim(topic, 0, consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).High.Value);
    }

    internal async Task<Explanation> ExplainAsync(string join, string left, string? right = null)
    {
        var settings = Settings(join);
        var running = _node!.Joins.First(j => j.Name == join);
        var live = new LiveState(settings, new JoinQuestions(_node!.System, settings), _ => SourcesAsync(running), running);
        var request = new ExplainRequest(RecordReference.Parse(left), right is null ? null : RecordReference.Parse(right), null, null);
        return await _desk.ExplainAsync(_config.Settings.Kafka, settings, live, request, CancellationToken.None);
    }

    internal Task<CopiesReport> CopiesAsync(string join, CopiesRequest request) =>
        new CopyReader(_config.Settings.Kafka, Settings(join), new ExplainLimits()).ReadAsync(request, CancellationToken.None);

    internal Task<KeyRowsReport> RowsAsync(string join, string key, int count) =>
        new RowReader(_config.Settings.Kafka, Settings(join), new ExplainLimits())
            .ReadAsync(Encoding.UTF8.GetBytes(key), count, withValues: true, CancellationToken.None);

    JoinSettings Settings(string join) => _config.Settings.Joins.First(j => j.Name == join);

    // What the node answers to the question of what it reads.
    static async Task<IReadOnlyList<NodeReply<NodeSources>>> SourcesAsync(RunningJoin running)
    {
        var router = await running.RouterAsync();
        var partitions = router!.Partitions.Select(
            p => new SourceReport(p.Topic, p.Number, p.Phase) { Position = p.Position, LogEnd = p.NewestLogEnd, PausedBy = p.PausedBy });
        return [new NodeReply<NodeSources>("here", NodeSources.None with { Partitions = [.. partitions] }, null, false)];
    }

    async Task UntilAsync(string join, string left, string? right, ExplainReason reason)
    {
        var last = "";
        try
        {
            await JoinOnKafka.PollAsync(async () =>
            {
                var found = await ExplainAsync(join, left, right);
                last = $"{found.Reason}: {found.Text}";
                return found.Reason == reason;
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{join} {left} {right} is not {reason} but {last}");
        }
    }

    // By offset. At first the times end at 22 s.
    static IEnumerable<string> First(char side) => side == 'l'
        ?
        [
            Record("a", "l-a", 0),                               // 0
            Record("a", "l-a", 0),                               // 1 its duplicate
            Record("a", "l-a", 1),                               // 2 another time
            Record("a", "l-tin", 1, "\"tier\":\"tin\","),        // 3 filtered
            "no JSON",                                           // 4
            Record(null, "l-null", 1),                           // 5
            Record("b", "l-b", 1),                               // 6
            Record("c", "l-c", 2, "\"c\":\"DE\","),              // 7
            Record("w", "l-w", 21),                              // 8 waits
            Record("f", "l-f1", 0),                              // 9
            Record("f", "l-f2", 1),                              // 10
            Record("t", "l-t", 22),                              // 11
        ]
        :
        [
            Record("a", "r-a", 5),                               // 0
            Record("B", "r-B", 2),                               // 1
            Record("b", "r-b", 20),                              // 2
            Record("c", "r-c", 3, "\"c\":\"AT\","),              // 3
            Record("f", "r-f1", 3),                              // 4
            Record("f", "r-f2", 5),                              // 5
            Record("t", "r-t", 22),                              // 6
        ];

    static string Record(string? key, string id, int seconds, string more = "") =>
        $$"""{"k":{{(key is null ? "null" : $"\"{key}\"")}},{{more}}"id":"{{id}}","ts":{{Ten + (seconds * 1_000)}}}""";

    void Produce(string topic, IEnumerable<string> values)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        foreach (var value in values)
            producer.Produce(new TopicPartition(topic, 0), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(value) });
        producer.Flush();
    }

    string Configuration()
    {
        static string Join(string name, string type, string more) =>
            $$"""
            joins.{{name}} {
              type = {{type}}, before = 0s, after = 10s, max-out-of-orderness = 0s, group-id = {{name}}, key-groups = 2
              left { topic = l, key = k, time = ts, id = id }
              right { topic = r, key = k, time = ts, id = id }
              output { topic = {{name}}, create = off }
              {{more}}
            }
            """;
        var joins = string.Join('\n',
            Join("pairs", "left", "left.filter = \"tier is null\", where = \"left.c = right.c or left.c is null\""),
            Join("inner", "inner", ""),
            Join("credit", "attribution", "attribution.max-lefts = 1"),
            Join("fresh", "inner", "start = latest"));
        return $$"""
            akkajoin {
              kafka { bootstrap-servers = "{{_kafka.BootstrapServers}}", session-timeout = 6s }
              sqlite.directory = "{{Path.Combine(_directory.FullName, "journal")}}"
              flow { commit-interval = 100ms, tick-interval = 50ms, linger = 1ms }
              admin.port = none
              {{joins}}
            }
            """;
    }
}
