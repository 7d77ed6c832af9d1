using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>Pins what is relied on: the broker is an experimental part of librdkafka.</summary>
public sealed class EmbeddedBrokerTests(ITestOutputHelper output) : KafkaTest(output)
{
    readonly EmbeddedKafka _kafka = new();

    [Fact]
    public async Task A_partition_keeps_five_mebibytes_and_drops_the_oldest()
    {
        _kafka.CreateTopic("t", 1);
        Fill(_kafka.BootstrapServers, "t", 1, 80_000, valueBytes: 100);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        var start = (await admin.StartOffsetsAsync([new("t", 0)]))[new("t", 0)];
        var end = (await admin.EndOffsetsAsync([new("t", 0)]))[new("t", 0)];
        Assert.Equal(80_000, end);

        // A record takes its key and value, and some 10 bytes of Kafka's own.
        Assert.InRange((end - start) * 105, EmbeddedKafka.PartitionBytesMax * 7 / 10, EmbeddedKafka.PartitionBytesMax);
    }

    [Fact]
    public async Task It_keeps_data_while_it_is_down()
    {
        _kafka.CreateTopic("t", 1);
        Fill(_kafka.BootstrapServers, "t", 1, 10);
        _kafka.BrokerDown(-1);
        _kafka.BrokerUp(-1);
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _kafka.BootstrapServers });
        Assert.Equal(10, (await admin.EndOffsetsAsync([new("t", 0)]))[new("t", 0)]);
    }

    [Fact]
    public void A_topic_is_made_once()
    {
        _kafka.CreateTopic("t", 1);
        Assert.Equal(ErrorCode.TopicAlreadyExists, Assert.Throws<KafkaException>(() => _kafka.CreateTopic("t", 1)).Error.Code);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _kafka.Dispose();
    }
}
