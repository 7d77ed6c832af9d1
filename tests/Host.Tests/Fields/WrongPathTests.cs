using System.Globalization;
using System.Text.Json;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Fields;

/// <summary>A bounded run over paths that match nothing does not end in silence.</summary>
public sealed class WrongPathTests : IDisposable
{
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-fields-");

    public WrongPathTests()
    {
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        for (var i = 0; i < 20; i++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $$"""{"user":"u{{i}}","ts":{{1_000 * i}},"kind":"a"}""");
            producer.Produce("l", new Message<Null, string> { Value = value });
            producer.Produce("r", new Message<Null, string> { Value = value });
        }

        producer.Flush(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task The_result_counts_what_was_not_found_and_names_what_is_there()
    {
        var file = Configure("key = usr, time = ts, id = id", "key = user, time = at", "type = left, output.select = [\"left.kind\", \"left.knd\"]");
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "--json", "-c", file);
        Assert.True(code == 0, output + errors);
        var result = JsonDocument.Parse(output).RootElement;
        var (left, right) = (result.GetProperty("input").GetProperty("left"), result.GetProperty("input").GetProperty("right"));
        Assert.Equal((20, 20, 20), (Number(left, "read"), Number(left, "nullKeys"), Number(left, "withoutId")));
        Assert.Equal(20, Number(right.GetProperty("deadLetters"), "missing-time"));
        Assert.Equal(["user", "ts", "kind"], right.GetProperty("fields").EnumerateArray().Select(name => name.GetString()));
        var select = result.GetProperty("input").GetProperty("select").EnumerateArray().ToDictionary(f => f.GetProperty("field").GetString()!, f => Number(f, "missing"));
        Assert.Equal((0, 20), (select["left.kind"], select["left.knd"]));
        var warnings = result.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!).ToList();
        Assert.Equal(4, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains(warning, errors, StringComparison.Ordinal));
        Assert.Contains("(is 'user' meant?)", warnings[0], StringComparison.Ordinal);

        var (_, text, _) = await EngineProcess.RunAsync("run", "--bounded", "-c", Configure("key = usr, time = ts", "key = user, time = at", "type = left, group-id = other", "other"));
        Assert.Contains("  in this run left without key 20; right dead letters 20 (missing-time 20)", text, StringComparison.Ordinal);
        Assert.Contains("  warning: 20 of 20 left records of l have no key", text, StringComparison.Ordinal);
    }

    // The line and the look at the fields come every ten seconds.
    [Fact]
    public async Task A_running_node_tells_it_too_in_its_line_and_to_cluster()
    {
        using var node = EngineProcess.Start("run", "-c", Configure("key = usr, time = ts", "key = user, time = at", "type = left", admin: "0"));
        await UntilAsync(() => node.Errors.Contains("questions at ", StringComparison.Ordinal) && node.Errors.Contains("no time yet", StringComparison.Ordinal));
        var address = node.Errors[(node.Errors.IndexOf("questions at ", StringComparison.Ordinal) + 13)..].Split(' ')[0];
        await UntilAsync(() => node.Errors.Contains("right records of r are dead letters", StringComparison.Ordinal));
        await UntilAsync(() => node.Errors.Contains(
            "right has no time yet: partition 0: 20 records read, all of them dead letters; left without key 20; "
                + "right dead letters 20 (missing-time 20)",
            StringComparison.Ordinal));
        Assert.Contains("20 of 20 left records of l have no key and match nothing: 'usr' is missing or null. Fields of a record: user, ts, kind", node.Errors, StringComparison.Ordinal);
        var (code, output, errors) = await EngineProcess.RunAsync("cluster", address);
        Assert.True(code == 0, errors);
        Assert.Contains("  of what the answering node read since its start: left without key 20; right dead letters 20 (missing-time 20)", output, StringComparison.Ordinal);
        Assert.Equal(0, await node.TerminateAsync());
        Assert.Contains("  warning: 20 of 20 right records of r are dead letters", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_right_paths_nothing_is_warned_of()
    {
        var file = Configure("key = user, time = ts", "key = user, time = ts", "type = inner, output.select = [\"left.kind\", \"right.ts\"]");
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", file);
        Assert.True(code == 0, output + errors);
        Assert.Contains("matched 20", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("in this run", output.Split('\n', 2)[1], StringComparison.Ordinal);
        Assert.DoesNotContain("Fields of a record", errors, StringComparison.Ordinal);
    }

    static Task UntilAsync(Func<bool> condition) => JoinOnKafka.PollAsync(() => Task.FromResult(condition()));

    static long Number(JsonElement parent, string name) => parent.GetProperty(name).GetInt64();

    string Configure(string left, string right, string more, string journal = "journal", string admin = "none")
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/{{journal}}"
              admin.port = {{admin}}
              joins.j { before = 0s, after = 1m, left { topic = l, {{left}} }, right { topic = r, {{right}} }, output.topic = o, {{more}} }
            }
            """);
        return file;
    }
}
