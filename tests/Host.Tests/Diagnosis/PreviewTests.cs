using System.Globalization;
using System.Text.Json;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Diagnosis;

/// <summary>
/// Joins that would give nothing, with real topics: the program names the cause before they ever run.
/// </summary>
public sealed class PreviewTests : IDisposable
{
    const long Start = 1_795_939_200_000; // 2026-11-29T08:00:00Z
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-preview-");

    public PreviewTests()
    {
        _kafka.CreateTopic("l", 3);
        _kafka.CreateTopic("r", 2);
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_key_of_another_type_is_named_with_examples()
    {
        Produce(
            (i, time) => $$"""{"user":"u{{i}}","shop":{{i}},"ts":{{time}}}""",
            (i, time) => $$"""{"user":"u{{i}}","shop":"{{i}}","ts":{{time + 5_000}}}""");
        var result = await JsonAsync(Configure("key = [user, shop]"));
        var cause = result.GetProperty("causes")[0];
        Assert.Equal("keys-differ", Text(cause, "code"));
        Assert.Equal("""["akkajoin.joins.j.left.key","akkajoin.joins.j.right.key"]""", cause.GetProperty("settings").GetRawText());
        var miss = result.GetProperty("keys").GetProperty("nearMisses")[0];
        Assert.Equal(("part-type", 60), (Text(miss, "difference"), miss.GetProperty("keys").GetInt32()));
        Assert.Equal(3, miss.GetProperty("examples").GetArrayLength());
        foreach (var side in new[] { "left", "right" })
            Assert.Equal(60, result.GetProperty(side).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task A_time_in_another_unit_is_named_with_its_format()
    {
        Produce(Value, (i, time) => Value(i, time / 1_000));
        var result = await JsonAsync(Configure("key = user"));
        var cause = result.GetProperty("causes")[0];
        Assert.Equal(("time-unit", "epoch-seconds"), (Text(cause, "code"), Text(cause, "value")));
        Assert.Equal("akkajoin.joins.j.right.time-format", cause.GetProperty("settings")[0].GetString());

        // With that setting it joins.
        var corrected = await JsonAsync(Configure("key = user", "right.time-format = epoch-seconds"));
        Assert.Empty(corrected.GetProperty("causes").EnumerateArray());
    }

    [Fact]
    public async Task Topics_of_different_times_are_named()
    {
        Produce((i, time) => Value(i, time - (30 * 86_400_000L)), Value);
        var cause = (await JsonAsync(Configure("key = user"))).GetProperty("causes")[0];
        Assert.Equal("no-overlap", Text(cause, "code"));
        Assert.Contains("the newest left record is of 2026-10-30T08:", Text(cause, "text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_shows_records_as_they_are_read_and_what_to_set()
    {
        Produce(Value, (i, time) => Value(i, time + 3_600_000 + (i * 100)));
        var (code, output, errors) = await EngineProcess.RunAsync("explain", "j", "--preview", "-c", Configure("key = user"));
        Assert.True(code == 0, output + errors);
        foreach (var expected in new[]
        {
            "join j: Of the sample 0 of 60 left and 0 of 60 right records find a partner. The likeliest cause: ",
            "1. outside-window: ", "100 % of them lie 1 h apart, the right one after the left one: a time zone?",
            "setting: akkajoin.joins.j.after = ", "left: 60 records of l from 2026-11-29T08:00:00.000Z to ", "'u59'",
        })
            Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_node_says_the_same()
    {
        Produce(Value, (i, time) => Value(i, time / 1_000));
        _kafka.CreateTopic("o", 1);
        _kafka.CreateTopic("o.late", 1);
        _kafka.CreateTopic("o.dead", 1);
        using var node = EngineProcess.Start("run", "-c", Configure("key = user"));
        const string before = "questions at ";
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains(before, StringComparison.Ordinal)));
        var address = node.Errors[(node.Errors.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split(' ')[0];
        var (code, output, errors) = await EngineProcess.RunAsync("explain", "j", "--node", address, "--json");
        Assert.True(code == 0, output + errors);
        Assert.Equal("time-unit", Text(JsonDocument.Parse(output).RootElement.GetProperty("causes")[0], "code"));
        (code, output, errors) = await EngineProcess.RunAsync("explain", "--node", address);
        Assert.True(code == 0, output + errors);
        Assert.Contains("setting: akkajoin.joins.j.right.time-format = epoch-seconds", output, StringComparison.Ordinal);
        Assert.Equal(0, await node.TerminateAsync());
    }

    [Fact]
    public async Task Times_that_a_run_would_refuse_are_named_with_their_limit()
    {
        Produce(Value, Value);
        var result = await JsonAsync(Configure("key = user", "min-time = \"2026-11-29T08:00:50Z\""));
        var cause = result.GetProperty("causes")[0];
        Assert.Equal("dead-letters", Text(cause, "code"));
        Assert.Contains("50 of 60 left records of l are dead letters: time-behind 50", Text(cause, "text"), StringComparison.Ordinal);
        Assert.Equal(10, result.GetProperty("left").GetProperty("joined").GetInt32());
    }

    [Fact]
    public async Task Mistakes_are_one_line()
    {
        var file = Configure("key = user");
        var (code, _, errors) = await EngineProcess.RunAsync("explain", "other", "--preview", "-c", file);
        Assert.Equal((64, "akkajoin: there is no join other; there is j"), (code, errors.Trim()));
        (code, _, errors) = await EngineProcess.RunAsync("explain", "--preview", "--to", "soon", "-c", file);
        Assert.Equal((64, "akkajoin: '--to' is a time such as 2026-11-29T08:00:00Z; it is 'soon'"), (code, errors.Trim()));
        File.WriteAllText(file, File.ReadAllText(file).Replace("topic = l", "topic = nowhere", StringComparison.Ordinal));
        (code, _, errors) = await EngineProcess.RunAsync("explain", "--preview", "-c", file);
        Assert.Equal(1, code);
        Assert.Contains("there is no topic 'nowhere'", errors, StringComparison.Ordinal);
    }

    static string Value(int i, long time) => string.Create(CultureInfo.InvariantCulture, $$"""{"user":"u{{i}}","ts":{{time}}}""");

    static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    static async Task<JsonElement> JsonAsync(string file)
    {
        var (code, output, errors) = await EngineProcess.RunAsync("explain", "--preview", "--json", "-c", file);
        Assert.True(code == 0, output + errors);
        return JsonDocument.Parse(output).RootElement;
    }

    void Produce(Func<int, long, string> left, Func<int, long, string> right)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        for (var i = 0; i < 60; i++)
        {
            producer.Produce(new TopicPartition("l", i % 3), new Message<Null, string> { Value = left(i, Start + (i * 1_000)) });
            producer.Produce(new TopicPartition("r", i % 2), new Message<Null, string> { Value = right(i, Start + (i * 1_000)) });
        }

        producer.Flush(TimeSpan.FromSeconds(30));
    }

    string Configure(string key, string more = "")
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = 0
              joins.j {
                type = inner, before = 0s, after = 1m, output.topic = o, max-ahead-of-wall-clock = unlimited
                left { topic = l, {{key}}, time = ts }
                right { topic = r, {{key}}, time = ts }
                {{more}}
              }
            }
            """);
        return file;
    }
}
