using System.Text;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.Tests.Decoding;
using AkkaJoin.Shards.Encodings;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hosting;

public sealed class AkkaJoinHostingTests
{
    [Fact]
    public async Task One_call_runs_a_join_in_the_application_s_own_actor_system_and_the_application_s_end_drains_it()
    {
        using var kafka = Kafka();
        Produce(kafka, "impressions", """{"k":"a","t":1000}""");
        Produce(kafka, "plays", """{"k":"a","t":2000}""");
        await using var application = await StartAsync(kafka);
        Assert.Contains("\"leftTime\":1000,\"rightTime\":2000", ConsumeOne(kafka), StringComparison.Ordinal);
        Assert.Equal([FormatVersions.Role, "web"], application.Roles.Order(StringComparer.Ordinal));
        await application.EndAsync();
        application.LockJournal();
    }

    [Fact]
    public async Task A_source_topic_that_stays_deleted_is_told_to_the_application()
    {
        using var kafka = Kafka();
        var failed = new TaskCompletionSource<(string Join, Exception Reason)>();
        await using var application = await StartAsync(kafka, (join, reason) => failed.TrySetResult((join, reason)));
        Produce(kafka, "impressions", """{"k":"a","t":1000}""");
        Produce(kafka, "plays", """{"k":"a","t":2000}""");
        ConsumeOne(kafka);
        kafka.DeleteTopic("plays");
        var (join, reason) = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("hosted", join);
        Assert.Contains("the source topic 'plays' was deleted while the join ran", reason.Message, StringComparison.Ordinal);
        await application.EndAsync();
    }

    [Fact]
    public async Task A_start_that_fails_halfway_is_told_and_leaves_no_stream_running()
    {
        using var kafka = Kafka();
        var failed = new TaskCompletionSource<(string Join, Exception Reason)>();
        await using var application = await StartAsync(
            kafka,
            (join, reason) => failed.TrySetResult((join, reason)),
            $"left.format = \"{typeof(SpentDecoder).FullName}, AkkaJoin.Pipeline.Tests\", output.deduplicate = tail");
        var (_, reason) = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("made already", reason.Message, StringComparison.Ordinal);
        for (var i = 0; i < 100 && await application.StreamsAsync() > 0; i++)
            await Task.Delay(50);
        Assert.Equal(0, await application.StreamsAsync());
        await application.EndAsync();
    }

    static EmbeddedKafka Kafka()
    {
        var kafka = new EmbeddedKafka();
        foreach (var topic in new[] { "impressions", "plays", "rows", "rows.late", "rows.dead" })
            kafka.CreateTopic(topic, 1);
        return kafka;
    }

    static async Task<Application> StartAsync(EmbeddedKafka kafka, Action<string, Exception>? failed = null, string more = "")
    {
        var directory = Directory.CreateTempSubdirectory("akkajoin-hosting-").FullName;
        var file = Path.Combine(directory, "akkajoin.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkajoin {
              kafka { bootstrap-servers = "{{kafka.BootstrapServers}}", connect-timeout = 10s }
              sqlite.directory = "{{directory}}"
              joins.hosted {
                type = inner, before = 0s, after = 1m
                left { topic = impressions, key = k, time = t }
                right { topic = plays, key = k, time = t }
                output.topic = rows
                {{more}}
              }
            }
            """);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostApplicationLifetime>(new Lifetime());
        services.AddAkka("application", builder => builder
            .WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions { Roles = ["web"] })
            .WithAkkaJoin(file, failed)
            .AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress)));
        var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StartAsync(default);
        return new Application(provider, directory);
    }

    static void Produce(EmbeddedKafka kafka, string topic, string value)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        producer.Produce(topic, new Message<Null, string> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(10));
    }

    static string ConsumeOne(EmbeddedKafka kafka)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "test", FetchWaitMaxMs = 10 }).Build();
        consumer.Assign(new TopicPartitionOffset("rows", 0, Offset.Beginning));
        var row = consumer.Consume(TimeSpan.FromSeconds(30));
        return row is null ? "" : Encoding.UTF8.GetString(row.Message.Value);
    }

    sealed class Application(ServiceProvider provider, string directory) : IAsyncDisposable
    {
        internal IEnumerable<string> Roles => Akka.Cluster.Cluster.Get(provider.GetRequiredService<ActorSystem>()).SelfRoles;

        /// <summary>How many actors run streams of the join.</summary>
        internal async Task<int> StreamsAsync()
        {
            var system = provider.GetRequiredService<ActorSystem>();
            var count = 0;
            using var inbox = Inbox.Create(system);
            system.ActorSelection("/user/StreamSupervisor-*/akkajoin-hosted*").Tell(new Identify(0), inbox.Receiver);
            try
            {
                while (((ActorIdentity)await inbox.ReceiveAsync(TimeSpan.FromMilliseconds(300))).Subject is not null)
                    count++;
            }
            catch (TimeoutException)
            {
                // There are no more.
            }

            return count;
        }

        /// <summary>What the next application does first; it throws where this one still has the journal.</summary>
        internal void LockJournal() =>
            File.Open(Path.Combine(directory, "akkajoin.lock"), FileMode.Open, FileAccess.Write, FileShare.None).Dispose();

        internal async Task EndAsync() =>
            await CoordinatedShutdown.Get(provider.GetRequiredService<ActorSystem>()).Run(CoordinatedShutdown.ClrExitReason.Instance);

        public async ValueTask DisposeAsync()
        {
            await provider.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
