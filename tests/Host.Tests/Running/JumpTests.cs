using System.Globalization;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>max-jump, as a user sees it.</summary>
public sealed class JumpTests : IDisposable
{
    const long Start = 1_600_000_000_000, Day = 86_400_000;

    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-jumps-");

    public JumpTests()
    {
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_warning_names_the_record_that_jumped_and_the_key()
    {
        var ahead = string.Create(CultureInfo.InvariantCulture, $$"""{"user":"far","ts":{{Start + Day}}}""");
        Produce("l", [.. Times(0, 150), ahead, .. Times(150, 50)]);
        Produce("r", [.. Times(0, 200)]);
        using var node = EngineProcess.Start("run", "-c", Configure("max-jump = 1h"));
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains("further than max-jump", StringComparison.Ordinal)));
        Assert.Contains("the record l/0@150 has the event time 2020-09-14T12:26:40Z", node.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await node.TerminateAsync());
    }

    [Fact]
    public async Task A_bounded_run_gives_all_rows_though_time_waits_at_the_first_record()
    {
        Produce("l", [.. Times(0, 3)]);
        Produce("r", [.. Times(2, 1)]);
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", Configure("max-jump = 1h"));
        Assert.True(code == 0, output + errors);
        Assert.Contains("unmatched 2", output, StringComparison.Ordinal);
        Assert.Contains("matched 1", output, StringComparison.Ordinal);
    }

    static IEnumerable<string> Times(int from, int count) =>
        Enumerable.Range(from, count).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"user":"u{{i}}","ts":{{Start + i}}}"""));

    void Produce(string topic, IEnumerable<string> values)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        foreach (var value in values)
            producer.Produce(topic, new Message<Null, string> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    string Configure(string jump)
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = none
              joins.j {
                type = left, before = 0s, after = 1m, {{jump}}
                left { topic = l, key = user, time = ts }, right { topic = r, key = user, time = ts }, output.topic = o
              }
            }
            """);
        return file;
    }
}
