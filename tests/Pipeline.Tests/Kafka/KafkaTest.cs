using System.Text;
using Akka.Streams;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>An actor system, and short ways to write and ask a broker.</summary>
public abstract class KafkaTest : TestKit
{
    protected KafkaTest(ITestOutputHelper output)
        : base("akka.loglevel = WARNING", output: output) => Materializer = Sys.Materializer();

    private protected IMaterializer Materializer { get; }

    private protected static ConsumerSettings Consumer(string servers, string group = "g") => new()
    {
        BootstrapServers = servers,
        GroupId = group,
        SessionTimeoutMs = 2_000,
        CommitIntervalMs = 20,
        MetadataRequestTimeoutMs = 10_000,
        Properties = new Dictionary<string, string> { ["heartbeat.interval.ms"] = "100" },
    };

    private protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private protected static IProducer<byte[]?, byte[]?> Producer(string servers) =>
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = servers, LingerMs = 2 })
            .SetKeySerializer(Serializers.ByteArray!).SetValueSerializer(Serializers.ByteArray!).Build();

    private protected static void Fill(string servers, string topic, int partitions, int each, int valueBytes = 20, int from = 0)
    {
        using var producer = Producer(servers);
        for (var i = from; i < from + each; i++)
        {
            for (var p = 0; p < partitions; p++)
            {
                var value = Utf8($"v{i}".PadRight(valueBytes, '.'));
                producer.Produce(new TopicPartition(topic, p), new Message<byte[]?, byte[]?> { Key = Utf8("k" + i), Value = value });
            }
        }

        producer.Flush();
    }

    private protected static long Committed(string servers, string topic, int partition, string group = "g")
    {
        using var admin = AkkaJoin.Pipeline.Kafka.Admin.TopicAdmin.Create(
            new AkkaJoin.Pipeline.Settings.KafkaSettings { BootstrapServers = servers, ConnectTimeoutMs = 10_000 });
        return admin.CommittedAsync(group, [new TopicPartition(topic, partition)]).GetAwaiter().GetResult().GetValueOrDefault(new TopicPartition(topic, partition), -1);
    }
}
