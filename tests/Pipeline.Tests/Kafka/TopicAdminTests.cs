using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class TopicAdminTests(ITestOutputHelper output) : KafkaTest(output)
{
    readonly EmbeddedKafka _kafka = new();

    [Fact]
    public async Task Topics_are_described_and_missing_ones_named()
    {
        _kafka.CreateTopic("a", 3);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        await admin.ConnectAsync();
        var infos = await admin.DescribeAsync(["none", "a"]);
        Assert.Equal(("none", 0, "a", 3), (infos[0].Name, infos[0].Partitions, infos[1].Name, infos[1].Partitions));
        Assert.NotEmpty(infos[1].Id);
        Assert.Equal(0, await admin.PartitionCountAsync("none")); // asking did not create it
        var e = await Assert.ThrowsAsync<UserException>(() => admin.DescribeSourcesAsync(["a", "none"]));
        Assert.Contains("there is no topic 'none'", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, e.ExitCode);
    }

    [Fact]
    public async Task Offsets_of_partitions_and_groups_are_found()
    {
        _kafka.CreateTopic("a", 2);
        Fill(_kafka.BootstrapServers, "a", 1, 100);
        _kafka.Trim("a", 0, 30);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        var ends = await admin.EndOffsetsOfTopicsAsync(["a"]);
        Assert.Equal((100L, 0L), (ends[new("a", 0)], ends[new("a", 1)]));
        Assert.Equal(30, (await admin.StartOffsetsAsync([new("a", 0)]))[new("a", 0)]);
        Assert.Empty(await admin.CommittedAsync("g", [.. ends.Keys]));
        Assert.Equal(TopicConfig.Unknown, (await admin.ConfigsAsync(["a"]))["a"]); // the embedded broker describes no configuration
    }

    // Found at a first start: a broker that followed the controller late said that there was no output topic.
    [Fact]
    public async Task A_topic_that_was_made_is_waited_for_until_a_broker_knows_it()
    {
        var asked = 0;
        await TopicAdmin.UntilKnownAsync(["rows"], DescribeAsync, TimeSpan.FromMinutes(1), "b:9092");
        Assert.Equal(3, asked);

        asked = int.MinValue;
        var e = await Assert.ThrowsAsync<UserException>(
            () => TopicAdmin.UntilKnownAsync(["rows"], DescribeAsync, TimeSpan.Zero, "b:9092"));
        Assert.StartsWith("the brokers at b:9092 made the output topics rows, and do not know them", e.Message, StringComparison.Ordinal);

        Task<IReadOnlyList<TopicInfo>> DescribeAsync(IReadOnlyCollection<string> topics) =>
            Task.FromResult<IReadOnlyList<TopicInfo>>([.. topics.Select(topic => new TopicInfo(topic, ++asked < 3 ? 0 : 2, "id"))]);
    }

    // librdkafka 2.16 ended the process here when an admin client asked (its issue 5040): so it went at a first start over a new cluster.
    [Fact]
    public async Task A_coordinator_that_is_still_loading_is_asked_again()
    {
        _kafka.CreateTopic("a", 1);
        _kafka.FailNext(9, Confluent.Kafka.ErrorCode.NotCoordinatorForGroup, Confluent.Kafka.ErrorCode.GroupLoadInProgress);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        Assert.Empty(await admin.CommittedAsync("g", [new("a", 0)]));
    }

    // What a broker does that was restarted: nothing but its epochs is new.
    [Fact]
    public async Task A_leader_that_refuses_the_epoch_that_was_known_is_asked_with_the_new_one()
    {
        _kafka.CreateTopic("a", 1);
        Fill(_kafka.BootstrapServers, "a", 1, 10);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers, ConnectTimeoutMs = 10_000 });
        Assert.Equal(10, (await admin.EndOffsetsAsync([new("a", 0)]))[new("a", 0)]);
        for (var restarts = 0; restarts < 3; restarts++)
            _kafka.SetLeader("a", 0, 1);
        Assert.Equal(10, (await admin.EndOffsetsAsync([new("a", 0)]))[new("a", 0)]);
    }

    [Fact]
    public async Task Output_topics_that_cannot_be_made_are_named()
    {
        _kafka.CreateTopic("rows", 1);
        _kafka.CreateTopic("rows.dead", 1);
        var output = new OutputSettings { Topic = "rows", LateTopic = "rows.late", DeadLetterTopic = "rows.dead" };
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        var e = await Assert.ThrowsAsync<UserException>(() => admin.EnsureOutputsAsync(output));
        Assert.Contains("rows.late cannot be created", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<UserException>(() => admin.EnsureOutputsAsync(output with { Create = false }));
        Assert.Contains("output.create is off", e.Message, StringComparison.Ordinal);
        _kafka.CreateTopic("rows.late", 1);
        Assert.Empty(await admin.EnsureOutputsAsync(output));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_a_mistake_of_the_user()
    {
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = "127.0.0.1:1", ConnectTimeoutMs = 600 });
        var since = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<UserException>(admin.ConnectAsync);
        Assert.Contains("no broker answered at 127.0.0.1:1 within 0.6 s", e.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", e.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.3, 5);
    }

    [Theory]
    [InlineData("PLAIN", "Invalid username or password")]
    [InlineData("SCRAM-SHA-256", "mechanism")]
    public async Task Credentials_or_a_mechanism_that_the_broker_refuses_are_named_and_wrong_configuration(string mechanism, string expected)
    {
        using var broker = new RefusingBroker();
        var e = await RefusedAsync(broker.BootstrapServers, new()
        {
            ["security.protocol"] = "SASL_PLAINTEXT",
            ["sasl.mechanism"] = mechanism,
            ["sasl.username"] = "u",
            ["sasl.password"] = "secret-word",
        });
        Assert.Equal(78, e.ExitCode);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("akkajoin.kafka.client", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Tls_against_a_broker_without_it_is_named_and_wrong_configuration()
    {
        using var broker = new RefusingBroker();
        var e = await RefusedAsync(broker.BootstrapServers, new() { ["security.protocol"] = "SSL" });
        Assert.True(e.ExitCode == 78, e.Message);
        Assert.Contains("a listener without TLS does so", e.Message, StringComparison.Ordinal);
    }

    // It may be a broker that is going up, so a start again is worth while.
    [Fact]
    public async Task Where_a_listener_says_nothing_it_is_guessed_that_it_wants_another_protocol()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var e = await RefusedAsync(listener.LocalEndpoint.ToString()!, []);
        Assert.Equal(1, e.ExitCode);
        Assert.Contains("its listener may want SASL or TLS: see security.protocol in akkajoin.kafka.client", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_producer_s_own_credentials_are_tried_too()
    {
        using var broker = new RefusingBroker();
        var settings = new KafkaSettings
        {
            BootstrapServers = broker.BootstrapServers,
            ConnectTimeoutMs = 2_000,
            Producer = new Dictionary<string, string>
            {
                ["security.protocol"] = "SASL_PLAINTEXT",
                ["sasl.mechanism"] = "PLAIN",
                ["sasl.username"] = "u",
                ["sasl.password"] = "p",
                ["linger.ms"] = "5",
            },
        };
        var e = await Assert.ThrowsAsync<UserException>(() => TopicAdmin.CheckAccessAsync(settings));
        Assert.Equal(78, e.ExitCode);
        Assert.Contains("akkajoin.kafka.producer", e.Message, StringComparison.Ordinal);
        await TopicAdmin.CheckAccessAsync(settings with { Producer = new Dictionary<string, string> { ["linger.ms"] = "5" } });
    }

    // It may be known a moment later, so a start again is worth while.
    [Fact]
    public async Task A_host_that_cannot_be_resolved_is_named()
    {
        var e = await RefusedAsync("nowhere.invalid:9092", []);
        Assert.Equal(1, e.ExitCode);
        Assert.Contains("no broker answered at nowhere.invalid:9092 within 2 s", e.Message, StringComparison.Ordinal);
        Assert.Contains("resolve", e.Message, StringComparison.Ordinal);
    }

    static async Task<UserException> RefusedAsync(string servers, Dictionary<string, string> client)
    {
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = servers, Client = client, ConnectTimeoutMs = 2_000 });
        return await Assert.ThrowsAsync<UserException>(admin.ConnectAsync);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _kafka.Dispose();
    }
}
