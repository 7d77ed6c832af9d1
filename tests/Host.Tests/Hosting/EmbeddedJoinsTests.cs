using System.Diagnostics;
using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Tests.Clustering;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Shards.Tests.Databases;
using Confluent.Kafka;
using Xunit;
using Config = Akka.Configuration.Config;

namespace AkkaJoin.Host.Tests.Hosting;

/// <summary>Joins in applications: whose the journal is, how soon they fail over, and who decides when they cannot start.</summary>
public sealed class EmbeddedJoinsTests : IClassFixture<RealPostgres>, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    // 4 s of silence, 7 s to be stable, and what the cluster takes to agree. Akka's own 20 s to be stable would not do.
    static readonly TimeSpan FailoverMax = TimeSpan.FromSeconds(20);
    static readonly string[] Tuned =
    [
        "akka.cluster.failure-detector.acceptable-heartbeat-pause", "akka.cluster.split-brain-resolver.active-strategy",
        "akka.cluster.split-brain-resolver.stable-after", "akka.cluster.downing-provider-class", "akka.cluster.down-removal-margin",
        "akka.cluster.sharding.retry-interval", "akka.remote.dot-netty.tcp.tcp-reuse-addr",
    ];

    readonly RealPostgres _postgres;
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-embedded-");

    public EmbeddedJoinsTests(RealPostgres postgres)
    {
        _postgres = postgres;
        foreach (var topic in new[] { "impressions", "plays", "rows", "rows.late", "rows.dead" })
            _kafka.CreateTopic(topic, 1);
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [RealPostgresFact]
    public async Task Of_two_applications_with_clusters_of_their_own_on_one_database_the_second_is_refused_and_names_the_first()
    {
        var file = Configure(Postgresql());
        await using var first = EmbeddingApplication.Create(file);
        await first.StartAsync();
        Produce("a");
        Assert.Equal(1, await RowsAsync(1));

        await using var second = EmbeddingApplication.Create(file);
        await second.StartAsync();
        await JoinOnKafka.PollAsync(() => Task.FromResult(!second.Failures.IsEmpty));
        var (join, reason) = Assert.Single(second.Failures);
        Assert.Equal("hosted", join);
        Assert.Contains($"{first.Address}#", reason.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql.connection-string", reason.Message, StringComparison.Ordinal);
        Assert.Equal(MemberStatus.Up, second.Cluster.SelfMember.Status); // it is the application's to decide

        Produce("b");
        Assert.Equal(2, await RowsAsync(2));
        Assert.Empty(first.Failures);
    }

    [RealPostgresFact]
    public async Task A_journal_that_another_cluster_took_meanwhile_stops_the_joins_and_not_the_application()
    {
        const string other = "akka.tcp://other@127.0.0.1:1#7";
        var database = _postgres.CreateDatabase();
        await using var application = EmbeddingApplication.Create(Configure(Postgresql(database)));
        await application.StartAsync();
        Produce("a");
        Assert.Equal(1, await RowsAsync(1));
        RealPostgres.Execute(database, $"UPDATE akkajoin_cluster SET cluster_id = 'other', holder = '{other}', renewed_at = clock_timestamp(), ttl = INTERVAL '1 hour'");
        await JoinOnKafka.PollAsync(() => Task.FromResult(!application.Failures.IsEmpty));
        Assert.Contains(other, Assert.Single(application.Failures).Reason.Message, StringComparison.Ordinal);
        Assert.Equal(MemberStatus.Up, application.Cluster.SelfMember.Status);
        Assert.Equal("other", RealPostgres.Execute(database, "SELECT cluster_id FROM akkajoin_cluster"));
    }

    [RealPostgresFact(isLong: true)]
    public async Task The_nodes_of_one_application_share_the_journal_and_a_dead_one_s_key_groups_run_elsewhere_as_soon_as_in_the_program()
    {
        var file = Configure(Postgresql());
        var ports = FreePorts.Find(2).Order().ToArray(); // of two, the one with the lower address goes on
        await using var survivor = EmbeddingApplication.Create(file, ports[0]);
        var victim = EmbeddingApplication.Create(file, ports[1], EmbeddingApplication.Crashing);
        await survivor.StartAsync();
        await victim.StartAsync(survivor);
        await JoinOnKafka.PollAsync(() => Task.FromResult(Locations(survivor).Contains(victim.Address)));

        var since = Stopwatch.GetTimestamp();
        await victim.CrashAsync();
        await JoinOnKafka.PollAsync(() => Task.FromResult(survivor.Cluster.State.Members.Count == 1));
        var took = Stopwatch.GetElapsedTime(since);
        Assert.True(took < FailoverMax, $"the dead node was given up after {took}");
        for (var i = 0; i < 40; i++)
            Produce("k" + i.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(40, await RowsAsync(40)); // of all key groups
        Assert.Empty(survivor.Failures);
    }

    [Fact]
    public async Task An_application_that_says_nothing_has_the_program_s_failover_settings_and_its_own_win()
    {
        await using var silent = EmbeddingApplication.Create(Configure(Sqlite("silent")));
        var program = ProgramConfig();
        Assert.All(Tuned, key => Assert.Equal(program.GetString(key), silent.System.Settings.Config.GetString(key)));

        await using var own = EmbeddingApplication.Create(Configure(Sqlite("own")), akka: """
            akka.cluster {
              failure-detector.acceptable-heartbeat-pause = 9s
              split-brain-resolver { active-strategy = keep-oldest, stable-after = 33s }
              sharding.retry-interval = 1s
            }
            """);
        var config = own.System.Settings.Config;
        Assert.Equal("9s", config.GetString(Tuned[0]));
        Assert.Equal("keep-oldest", config.GetString(Tuned[1]));
        Assert.Equal("33s", config.GetString(Tuned[2]));
        Assert.Equal("1s", config.GetString("akka.cluster.sharding.retry-interval"));
        Assert.Equal(ClusterSharding.DefaultConfig().GetString("akka.cluster.sharding.rebalance-interval"), config.GetString("akka.cluster.sharding.rebalance-interval"));
    }

    [Fact]
    public async Task An_application_without_a_downing_provider_is_warned()
    {
        const string warning = "akka.cluster.downing-provider-class is none";
        await using var application = EmbeddingApplication.Create(Configure(Sqlite("none")), akka: "akka.cluster.downing-provider-class = \"\"");
        await application.StartAsync();
        await JoinOnKafka.PollAsync(() => Task.FromResult(application.Warnings.Any(w => w.Contains(warning, StringComparison.Ordinal))));
        Produce("a");
        Assert.Equal(1, await RowsAsync(1));
    }

    [Fact]
    public async Task A_topic_that_is_missing_is_told_to_the_application_whose_start_and_other_joins_go_on()
    {
        var file = Configure(Sqlite("missing"), "joins.other = ${akkajoin.joins.hosted} { left.topic = nowhere, group-id = other, output.topic = rows }");
        await using var application = EmbeddingApplication.Create(file);
        await application.StartAsync();
        await JoinOnKafka.PollAsync(() => Task.FromResult(!application.Failures.IsEmpty));
        var (join, reason) = Assert.Single(application.Failures);
        Assert.Equal("other", join);
        Assert.Contains("'nowhere'", reason.Message, StringComparison.Ordinal);
        Produce("a");
        Assert.Equal(1, await RowsAsync(1));
        Assert.Equal(MemberStatus.Up, application.Cluster.SelfMember.Status);
    }

    [Fact]
    public async Task A_journal_that_does_not_open_is_told_to_the_application_of_each_join()
    {
        await using var application = EmbeddingApplication.Create(Configure(
            "journal = postgresql, postgresql { connection-string = \"Host=127.0.0.1;Port=1;Username=a;Password=b;Database=c\", connect-timeout = 1s }"));
        await application.StartAsync();
        await JoinOnKafka.PollAsync(() => Task.FromResult(!application.Failures.IsEmpty));
        Assert.Contains("127.0.0.1:1", Assert.Single(application.Failures).Reason.Message, StringComparison.Ordinal);
    }

    static HashSet<string> Locations(EmbeddingApplication application)
    {
        var region = ClusterSharding.Get(application.System).ShardRegion("akkajoin-hosted");
        var answer = region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience).GetAwaiter().GetResult();
        return [.. answer.Regions.Select(address => address.ToString())];
    }

    Config ProgramConfig()
    {
        var config = ConfigLoader.Load(Configure(Sqlite("program")));
        using var journal = NodeJournal.Open(config.Settings.Journal);
        return NodeConfig.Create(config, journal, []);
    }

    string Postgresql() => Postgresql(_postgres.CreateDatabase());

    static string Postgresql(string database) => $"journal = postgresql, postgresql.connection-string = \"{database}\"";

    string Sqlite(string name) => $"sqlite.directory = \"{Path.Combine(_directory.FullName, name)}\"";

    string Configure(string journal, string more = "")
    {
        var file = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N") + ".conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              {{journal}}
              cluster.lease-timeout = 5s
              joins.hosted {
                type = inner, before = 0s, after = 1m
                left { topic = impressions, key = k, time = t }
                right { topic = plays, key = k, time = t }
                output.topic = rows
              }
              {{more}}
            }
            """);
        return file;
    }

    void Produce(string key)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        producer.Produce("impressions", new Message<Null, string> { Value = $$"""{"k":"{{key}}","t":1000}""" });
        producer.Produce("plays", new Message<Null, string> { Value = $$"""{"k":"{{key}}","t":2000}""" });
        producer.Flush(Patience);
    }

    // Until there are so many different ones, or no more for long.
    async Task<int> RowsAsync(int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = _kafka.BootstrapServers, GroupId = "test", FetchWaitMaxMs = 10 }).Build();
        consumer.Assign(new TopicPartitionOffset("rows", 0, Offset.Beginning));
        var rows = new HashSet<string>();
        while (rows.Count < count && await Task.Run(() => consumer.Consume(Patience)) is { } row)
            rows.Add(Encoding.UTF8.GetString(row.Message.Value));
        return rows.Count;
    }
}
