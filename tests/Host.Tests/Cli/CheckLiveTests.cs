using System.Text.Json;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary><c>check --live</c>: what a start would meet, all of it, before the first one.</summary>
public sealed class CheckLiveTests(RealPostgres postgres) : IClassFixture<RealPostgres>, IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-live-");

    string Journal => Path.Combine(_directory.FullName, "journal");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Where_all_is_well_it_says_so_and_makes_nothing()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("left", 2);
        kafka.CreateTopic("right", 1);
        var (code, output) = await CheckAsync(kafka.BootstrapServers);
        Assert.True(code == 0, output);
        Has("good    test: source 'left': 2 partitions", output);
        Has($"good    journal: {Journal} can be made", output);
        Has("good    test: outputs: 'rows', 'rows.late', 'rows.dead' will be made", output);
        Assert.EndsWith("ok", output.Trim(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Journal));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        Assert.DoesNotContain(admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics, topic => topic.Topic == "rows");
    }

    [Fact]
    public async Task Every_problem_is_told_at_once_and_in_json_too()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("left", 1);
        await File.WriteAllTextAsync(Journal, "a file where the directory is to be");
        var (code, output) = await CheckAsync(kafka.BootstrapServers, "--json", "--set", "akkajoin.joins.test.output.create=off");
        Assert.Equal(1, code);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.False(result.GetProperty("ok").GetBoolean());
        var errors = result.GetProperty("live").EnumerateArray().Where(f => f.GetProperty("severity").GetString() == "error").Select(f => f.GetProperty("message").GetString()!).ToList();
        Assert.Contains(errors, e => e.Contains("there is no topic 'right'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("the output topics rows, rows.late, rows.dead do not exist and output.create is off", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("akkajoin.sqlite.directory", StringComparison.Ordinal));
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public async Task Without_a_broker_the_journal_is_checked_all_the_same()
    {
        var (code, output) = await CheckAsync("127.0.0.1:1", "--set", "akkajoin.kafka.connect-timeout=1s");
        Assert.Equal(1, code);
        Has("can be made", output);
        Has("error   no broker answered at 127.0.0.1:1", output);
        Assert.EndsWith("1 error", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_a_start_refuses_is_refused_with_its_code_and_so_are_offsets_without_a_journal()
    {
        using var kafka = new EmbeddedKafka();
        foreach (var topic in new[] { "left", "right", "rows", "rows.late", "rows.dead" })
            kafka.CreateTopic(topic, 1);
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build())
        {
            producer.Produce("left", new Message<Null, string> { Value = """{"k":"a","t":1000}""" });
            producer.Flush(TimeSpan.FromSeconds(30));
        }

        var (runCode, runOutput, runErrors) = await EngineProcess.RunAsync("run", "--bounded", "-c", Configure(kafka.BootstrapServers));
        Assert.True(runCode == 0, runOutput + runErrors);
        var (code, output) = await CheckAsync(kafka.BootstrapServers);
        Assert.True(code == 0, output);
        Has("definition: as journaled", output);
        (code, output) = await CheckAsync(kafka.BootstrapServers, "--set", "akkajoin.joins.test.after=5m");
        Assert.True(code == 78, output);
        Has("differs from what is journaled", output);
        Directory.Delete(Journal, recursive: true);
        (code, output) = await CheckAsync(kafka.BootstrapServers);
        Assert.True(code == 1, output);
        Has("put the journal back", output);
    }

    [RealPostgresFact]
    public async Task Tables_that_are_not_there_are_tried_and_not_left_behind()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("left", 1);
        kafka.CreateTopic("right", 1);
        var database = postgres.CreateDatabase();
        string[] settings = ["--set", "akkajoin.journal=postgresql", "--set", $"akkajoin.postgresql.connection-string={database}"];
        var (code, output) = await CheckAsync(kafka.BootstrapServers, settings);
        Assert.True(code == 0, output);
        Has(" can be made", output);
        Assert.DoesNotContain(RealPostgres.Password, output, StringComparison.Ordinal);
        Assert.Null(RealPostgres.Execute(database, "SELECT relname FROM pg_class WHERE relname = 'akkajoin_join'"));
        (code, output) = await CheckAsync(kafka.BootstrapServers, [.. settings, "--set", "akkajoin.postgresql.create-schema=off"]);
        Assert.True(code == 1, output);
        Has("its tables are not there", output);
    }

    [RealKafkaFact]
    public async Task Rights_replication_retention_and_sizes_are_asked_of_a_real_broker()
    {
        using var kafka = RealKafka.Own(
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "allow.everyone.if.no.acl.found=true");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await admin.CreateAndSeeAsync(
            new TopicSpecification { Name = "left", NumPartitions = 3, Configs = new() { ["retention.ms"] = "30000", ["max.message.bytes"] = "2000000" } },
            new TopicSpecification { Name = "right", NumPartitions = 2 },
            new TopicSpecification { Name = "rows", NumPartitions = 1, Configs = new() { ["retention.ms"] = "86400000" } });
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build())
        {
            var old = new Timestamp(DateTimeOffset.UtcNow.AddDays(-30));
            producer.Produce("right", new Message<Null, string> { Value = """{"k":"a","t":1000}""", Timestamp = old });
            producer.Flush(TimeSpan.FromSeconds(30));
        }

        string[] settings = ["--set", "akkajoin.joins.test.output.replication=3"];
        var (code, output) = await CheckAsync(kafka.BootstrapServers, settings);
        Assert.True(code == 1, output);
        Has("good    test: rights: source 'left': Read, Describe", output);
        Has("error   test: outputs: 'rows.late', 'rows.dead' are to be made with output.replication = 3, and there is 1 broker", output);
        Has("warning test: source 'left' keeps records for 30 s, and window and max-out-of-orderness come to", output);
        Has("warning test: source 'right' holds records that are older than 1 d, for which 'rows' keeps rows", output);
        Has("warning test: 'rows' takes records of at most 1048588 bytes (max.message.bytes), and 'left' of 2000000", output);
        Assert.EndsWith("1 error", output.Trim(), StringComparison.Ordinal);

        // From now on nobody but the named may do more with these than see them.
        await admin.CreateAclsAsync([Allow(ResourceType.Topic, "right"), Allow(ResourceType.Topic, "rows"), Allow(ResourceType.Group, "akkajoin-test")]);
        (code, output) = await CheckAsync(kafka.BootstrapServers);
        Assert.True(code == 1, output);
        Has("error   test: rights: this user lacks Read on source 'right'", output);
        Has("error   test: rights: this user lacks Write on output 'rows'", output);
        Has("error   test: rights: this user lacks Read on consumer group 'akkajoin-test'", output);
        Assert.EndsWith("3 errors", output.Trim(), StringComparison.Ordinal);
    }

    static void Has(string text, string output) => Assert.True(output.Contains(text, StringComparison.Ordinal), $"'{text}' is not in:\n{output}");

    static AclBinding Allow(ResourceType type, string name) => new()
    {
        Pattern = new ResourcePattern { Type = type, Name = name, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new AccessControlEntry { Principal = "User:ANONYMOUS", Host = "*", Operation = AclOperation.Describe, PermissionType = AclPermissionType.Allow },
    };

    async Task<(int Code, string Output)> CheckAsync(string servers, params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["check", "--live", "-c", Configure(servers), .. more], output, error);
        return (code, output.ToString() + error);
    }

    string Configure(string servers)
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{servers}}"
              sqlite.directory = "{{Journal}}"
              admin.port = none
              joins.test {
                type = inner, before = 0s, after = 1m, group-id = akkajoin-test
                left { topic = left, key = k, time = t }
                right { topic = right, key = k, time = t }
                output.topic = rows
              }
            }
            """);
        return file;
    }
}
