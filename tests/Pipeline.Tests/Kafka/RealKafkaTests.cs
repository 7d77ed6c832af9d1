using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>What the embedded broker cannot show: transactions, topic creation, the real group protocol.</summary>
[Trait("Needs", "Kafka")]
public sealed class RealKafkaTests(RealKafka kafka, ITestOutputHelper output) : KafkaTest(output), IClassFixture<RealKafka>
{
    readonly string _topic = "t" + Guid.NewGuid().ToString("N");

    string Servers => kafka.BootstrapServers;

    [RealKafkaFact]
    public async Task A_bounded_end_is_reached_where_the_last_offsets_are_control_records_or_aborted()
    {
        await CreateAsync(3);
        using (var producer = Transactional())
        {
            Write(producer, 0, 10, commit: true); // offsets 0-9, the marker is 10
            Write(producer, 1, 5, commit: true); // 0-4, 5
            Write(producer, 1, 7, commit: false); // aborted: 6-12, 13
        }

        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        var ends = await EndsAsync(admin, 11, 14, 0);

        var source = new RunningSource(Materializer, Consumer(), [_topic], ends: ends);
        await UntilEndsAsync(source, 3);
        await source.Control.Shutdown();
        Assert.Equal(15, source.Records.Count);
        Assert.All(source.Chunks.Where(c => c.AtEnd), c => Assert.Equal(ends[new(_topic, c.Partition)], c.To));
    }

    [RealKafkaFact]
    public async Task An_open_transaction_is_beyond_the_bounded_end_and_the_next_run_goes_on_there()
    {
        await CreateAsync(1);
        using var producer = Transactional();
        Write(producer, 0, 10, commit: true);
        producer.BeginTransaction();
        Produce(producer, 0, 5);
        producer.Flush();
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        var ends = await EndsAsync(admin, 11);

        var first = new RunningSource(Materializer, Consumer(), [_topic], ends: ends);
        await UntilEndsAsync(first, 1);
        first.Control.Commit(new PartitionOffset(_topic, 0, first.Listener.Starts.Single().Generation, 11));
        await first.Control.Shutdown();
        Assert.Equal(10, first.Records.Count);

        producer.CommitTransaction();
        ends = await EndsAsync(admin, 17);
        var second = new RunningSource(Materializer, Consumer(), [_topic], ends: ends);
        await UntilEndsAsync(second, 1);
        await second.Control.Shutdown();
        Assert.Equal([11L, 12, 13, 14, 15], second.Records.Select(r => r.Offset));
        Assert.Equal(17, second.Chunks.Last().To);
    }

    [RealKafkaFact]
    public async Task A_second_consumer_takes_partitions_over_at_what_the_revoked_listener_committed()
    {
        await CreateAsync(4);
        Fill(Servers, _topic, 4, 100);
        var first = new RunningSource(Materializer, Consumer(), [_topic]);
        first.Listener.CommitOnRevoke = p => 60 + p.Partition;
        await first.UntilRecordsAsync(400);
        var second = new RunningSource(Materializer, Consumer(), [_topic]);
        await Poll.UntilAsync(() => second.Listener.Starts.Count == 2, "two partitions moved");
        Assert.All(second.Listener.Starts, s => Assert.Equal(60 + s.Partition, s.CommittedOffset));
        await second.UntilRecordsAsync(second.Listener.Starts.Sum(s => 40 - s.Partition));
        await second.Control.Shutdown();
        await Poll.UntilAsync(() => first.Listener.Starts.Count == 6, "they came back");
        await first.Control.Shutdown();
    }

    [RealKafkaFact]
    public async Task Start_offsets_are_committed_and_output_topics_made()
    {
        await CreateAsync(2);
        Fill(Servers, _topic, 2, 10);
        var source = new RunningSource(Materializer, Consumer() with { StartAtEarliest = false }, [_topic]);
        await Poll.UntilAsync(() => source.Listener.Starts.Count == 2, "the partitions were assigned");
        Assert.Equal(10, Committed(Servers, _topic, 1, Group));
        Fill(Servers, _topic, 2, 5, from: 10);
        await source.UntilRecordsAsync(10);
        await source.Control.Shutdown();

        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        var outputs = new OutputSettings { Topic = _topic + ".o", LateTopic = _topic + ".l", DeadLetterTopic = _topic + ".d", Partitions = 3 };
        Assert.Equal(3, (await admin.EnsureOutputsAsync(outputs)).Count);
        Assert.Empty(await admin.EnsureOutputsAsync(outputs));
        var info = (await admin.DescribeSourcesAsync([outputs.Topic]))[0];
        Assert.Equal(3, info.Partitions);
        Assert.NotEmpty(info.Id);
        var config = (await admin.ConfigsAsync([outputs.Topic]))[outputs.Topic];
        Assert.Equal((-1, false), (config.RetentionMs, config.IsCompacted));
        Assert.InRange(config.MessageBytesMax!.Value, 1_000_000, 1_100_000);
    }

    [RealKafkaFact]
    public async Task A_dead_letter_that_is_too_large_for_its_topic_is_cut_and_a_small_one_beside_it_is_whole()
    {
        await CreateAsync(1);
        using var producer = new OutputProducer(new ProducerSettings { BootstrapServers = Servers, Properties = Plain }, Akka.Event.NoLogger.Instance);
        using var letters = new DeadLetterProducer(producer, _topic, "clicks");
        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        await Task.WhenAll(letters.SendAsync(Letter(0, large)), letters.SendAsync(Letter(1, Utf8("small"))), letters.SendAsync(Letter(2, large))).WaitAsync(TimeSpan.FromSeconds(30));
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        Assert.InRange((await admin.EndOffsetsAsync([new TopicPartition(_topic, 0)])).Values.Single(), 3, 4); // a batch may be sent again
    }

    [RealKafkaFact]
    public async Task Records_above_a_megabyte_that_their_topic_takes_are_written()
    {
        using (var maker = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Servers }).Build())
        {
            await maker.CreateAndSeeAsync(
                new TopicSpecification { Name = _topic, NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["max.message.bytes"] = "5000000" } });
        }

        using var producer = new OutputProducer(new ProducerSettings { BootstrapServers = Servers, Properties = Plain }, Akka.Event.NoLogger.Instance);
        using var letters = new DeadLetterProducer(producer, _topic, "clicks");
        await letters.SendAsync(Letter(0, new byte[3_000_000])).WaitAsync(TimeSpan.FromSeconds(30));
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = Servers });
        Assert.Equal(1, (await admin.EndOffsetsAsync([new TopicPartition(_topic, 0)])).Values.Single());
    }

    static Dictionary<string, string> Plain => new() { ["compression.type"] = "none" };

    static DeadLetter Letter(long offset, byte[] value) =>
        new(null, value, ReadOnlyMemory<byte>.Empty, 5, "malformed-json", "no JSON", Side.Left, "plays", 0, offset);

    string Group => "g-" + _topic;

    AkkaJoin.Pipeline.Kafka.Settings.ConsumerSettings Consumer() => Consumer(Servers, Group) with { SessionTimeoutMs = 6_000 };

    static Task UntilEndsAsync(RunningSource source, int partitions) => Poll.UntilAsync(
        () => source.Chunks.Where(c => c.AtEnd).Select(c => c.Partition).Distinct().Count() == partitions, "all ends were told");

    /// <summary>The end offsets once they are as expected: a transaction's markers are written after its commit has returned.</summary>
    async Task<Dictionary<TopicPartition, long>> EndsAsync(TopicAdmin admin, params long[] expected)
    {
        Dictionary<TopicPartition, long> ends = [];
        await Poll.UntilAsync(
            () =>
            {
                ends = admin.EndOffsetsOfTopicsAsync([_topic]).GetAwaiter().GetResult();
                return ends.OrderBy(e => e.Key.Partition.Value).Select(e => e.Value).SequenceEqual(expected);
            },
            "the ends are " + string.Join(", ", expected));
        return ends;
    }

    async Task CreateAsync(int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Servers }).Build();
        await admin.CreateAndSeeAsync(new TopicSpecification { Name = _topic, NumPartitions = partitions, ReplicationFactor = 1 });
    }

    IProducer<byte[]?, byte[]?> Transactional()
    {
        var config = new ProducerConfig { BootstrapServers = Servers, TransactionalId = "tx-" + _topic };
        var producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetKeySerializer(Serializers.ByteArray!).SetValueSerializer(Serializers.ByteArray!).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(20));
        return producer;
    }

    void Write(IProducer<byte[]?, byte[]?> producer, int partition, int count, bool commit)
    {
        producer.BeginTransaction();
        Produce(producer, partition, count);
        producer.Flush();
        if (commit)
            producer.CommitTransaction();
        else
            producer.AbortTransaction();
    }

    void Produce(IProducer<byte[]?, byte[]?> producer, int partition, int count)
    {
        for (var i = 0; i < count; i++)
            producer.Produce(new TopicPartition(_topic, partition), new Message<byte[]?, byte[]?> { Value = Utf8("v" + i) });
    }
}
