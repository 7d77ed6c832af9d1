using System.Text.Json;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>Filters, exact numbers and what stands before JSON, through the program and a real Kafka, validated by SQL.</summary>
[Trait("Needs", "Kafka")]
public sealed class FilterTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    // A zero byte and the id of a schema; a byte order mark.
    const string Framing = "\0\0\0\0\u0001", Mark = "\uFEFF";

    [RealKafkaFact]
    public async Task Each_record_has_one_fate_and_the_validator_agrees()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "left", partitions: 1, more: """
            left.filter = "tier in ('gold', 'silver') and test is null"
            where = "left.h = right.h or not (right.h is not null)"
            output.select = ["left.id as l", "right.id as r"]
            """);
        join.Produce(join.Left, 0, [
            Framing + Record("l9", """tier":"gold","h":9223372036854775809"""),
            Mark + Record("l8", """tier":"silver","h":9223372036854775808"""),
            Record("bronze", """tier":"bronze","h":9223372036854775809"""),
            Record("test", """tier":"gold","test":{},"h":9223372036854775809"""),
            """{"tier":"bronze","profile":{},"ts":"soon"}""",
            Record("far", """tier":"gold","h":1e9999"""),
            """{"tier":"bronze" """,
        ]);
        join.Produce(join.Right, 0, [Record("r9", """h":9223372036854775809.0"""), Record("r7", """h":9.223372036854775807e18""")]);

        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "--json", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        Assert.Equal(["""{"l":"l8","r":null}""", """{"l":"l9","r":"r9"}"""], join.ReadRows().Select(r => r.Value).Order(StringComparer.Ordinal));
        var read = JsonDocument.Parse(output.Split('\n')[0]).RootElement;
        Assert.Equal("""{"consumed":7,"routed":2,"deadLettered":2,"filtered":3}""", read.GetProperty("leftRead").GetRawText());
        Assert.Equal("""{"consumed":2,"routed":2,"deadLettered":0,"filtered":0}""", read.GetProperty("rightRead").GetRawText());
        Assert.Equal(2, read.GetProperty("left").GetProperty("received").GetInt64());

        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences));
        Assert.Equal((3, 2, 2), (validation.Filtered, validation.DeadLetters, validation.Expected));
    }

    static string Record(string id, string more) => $$"""{"profile":"m","title":"t","ts":1573552530123.5,"id":"{{id}}","{{more}}}""";
}
