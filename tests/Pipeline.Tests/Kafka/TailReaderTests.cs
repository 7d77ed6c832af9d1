using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>The ids at the tail of output partitions, on a real Kafka.</summary>
[Trait("Needs", "Kafka")]
public sealed class TailReaderTests(RealKafka kafka, ITestOutputHelper output) : KafkaTest(output), IClassFixture<RealKafka>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly string _rows = "t" + Guid.NewGuid().ToString("N");
    Deliveries? _deliveries;
    TailReader? _reader;

    string Late => _rows + ".late";

    [RealKafkaFact]
    public async Task Each_group_is_told_what_is_there_of_what_it_asked_for_and_nothing_else()
    {
        var reader = await StartAsync();
        Write(_rows, 0, "j-0-5-0", "j-0-5-1", "j-1-5-2", "other-0-5-3", "j-0-4-0", null, "no id", "j-0-6-9");
        Write(_rows, 1, "j-0-5-2");
        Write(Late, 0, "j-1-5-7", "j-0-5-7");
        var answers = await Task.WhenAll(
            reader.ReadAsync(Question(0, [0, 0, 0], [0], 5, 6)), reader.ReadAsync(Question(1, [0, 0, 0], [0], 5)), reader.ReadAsync(Question(2, [0, 0, 0], [0], 5)))
            .WaitAsync(Patience);
        Assert.Equal("5: 0 1 2 7, 6: 9", Show(answers[0]));
        Assert.Equal("5: 2 7", Show(answers[1]));
        Assert.Equal("", Show(answers[2]));
    }

    [RealKafkaFact]
    public async Task Reading_begins_where_the_question_says_and_ends_at_the_end_of_each_partition()
    {
        var reader = await StartAsync();
        Write(_rows, 0, "j-0-5-0", "j-0-5-1", "j-0-5-2");
        Write(_rows, 2, "j-0-5-3");
        Assert.Equal("5: 2", Show(await reader.ReadAsync(Question(0, [2, 0, 1], [0], 5)).WaitAsync(Patience)));

        // Partitions that came later have no place in the question.
        Assert.Equal("5: 2 3", Show(await reader.ReadAsync(Question(0, [2], [], 5)).WaitAsync(Patience)));
        Assert.Equal([3, 0, 1], reader.Produced.Rows);
    }

    [RealKafkaFact]
    public async Task What_a_dying_process_had_sent_and_what_is_not_committed_is_found_within_the_time_to_settle()
    {
        using var producer = Transactional();
        var reader = await StartAsync(settleMs: 2_000);
        Write(_rows, 1, "j-0-5-0");
        var answer = reader.ReadAsync(Question(0, [0, 0, 0], [0], 5));
        await Poll.UntilAsync(() => reader.Produced.Rows[1] == 1, "the first end was asked for");
        producer.BeginTransaction();
        producer.Produce(new TopicPartition(_rows, 1), Message("j-0-5-1"));
        producer.Flush();
        Assert.Equal("5: 0 1", Show(await answer.WaitAsync(Patience)));
    }

    [RealKafkaFact]
    public async Task A_log_that_lost_its_beginning_or_was_made_anew_is_read_from_where_it_begins()
    {
        var reader = await StartAsync();
        Write(_rows, 0, "j-0-5-0", "j-0-5-1", "j-0-5-2");
        Write(_rows, 1, "j-0-5-3");
        using var admin = Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(_rows, 0, 2)]);
        Assert.Equal("5: 2 3", Show(await reader.ReadAsync(Question(0, [0, 70, 0], [0], 5)).WaitAsync(Patience)));
    }

    [RealKafkaFact]
    public async Task A_question_waits_until_the_broker_has_what_this_node_was_handed_of_the_group()
    {
        var reader = await StartAsync();
        _deliveries!.HandedOut(0);
        var answer = reader.ReadAsync(Question(0, [0, 0, 0], [0], 5));
        Assert.Equal("", Show(await reader.ReadAsync(Question(1, [0, 0, 0], [0], 5)).WaitAsync(Patience)));
        Assert.False(answer.IsCompleted);
        Write(_rows, 0, "j-0-5-0");
        _deliveries.Confirmed(0);
        Assert.Equal("5: 0", Show(await answer.WaitAsync(Patience)));
    }

    [RealKafkaFact]
    public async Task A_position_in_other_topics_is_not_used()
    {
        var reader = await StartAsync();
        Write(_rows, 0, "j-0-5-0");
        var question = Question(0, [0, 0, 0], [0], 5);
        Assert.Equal("", Show(await reader.ReadAsync(question with { From = question.From with { Topics = 1 } }).WaitAsync(Patience)));
    }

    [RealKafkaFact]
    public async Task A_topic_that_is_not_there_is_a_clear_stop()
    {
        var reader = await StartAsync();
        using var admin = Admin();
        await admin.DeleteTopicsAsync([Late]);
        var e = await Assert.ThrowsAsync<AkkaJoin.Pipeline.Kafka.KafkaStopException>(
            () => reader.ReadAsync(Question(0, [0, 0, 0], [0], 5)).WaitAsync(Patience));
        Assert.Contains("set it to off", e.Message, StringComparison.Ordinal);
    }

    protected override void AfterAll()
    {
        _reader?.Dispose();
        base.AfterAll();
    }

    static string Show(TailAnswer answer) => string.Join(
        ", ", answer.Written.OrderBy(e => e.Key).Select(e => $"{e.Key}: {string.Join(' ', e.Value.Order())}"));

    static Message<byte[]?, byte[]?> Message(string? id) => new()
    {
        Value = Utf8("row"),
        Headers = id is null ? null : new Headers { { OutputHeaders.Id, Utf8(id) }, { "x", [] }, { OutputHeaders.Id, Utf8("j-2-5-0") } },
    };

    TailQuestion Question(int group, long[] rows, long[] late, params long[] events) => new(
        group, new OutputPositions(_deliveries!.Positions.Topics, rows, late), [.. events.Select(e => (e, "j"))]);

    async Task<TailReader> StartAsync(int settleMs = 0)
    {
        using var admin = Admin();
        await admin.CreateAndSeeAsync(Topic(_rows, 3), Topic(Late, 1));
        var topics = new OutputTopics(_rows, Late, "t", EventTimestamp: true);
        _deliveries = new Deliveries(topics);
        var source = new SourceSettings { Topic = "s" };
        var join = new JoinSettings
        {
            Name = "t",
            Type = JoinType.Inner,
            BeforeMs = 0,
            AfterMs = 0,
            Left = source,
            Right = source,
            GroupId = "g-" + _rows,
            Output = new OutputSettings { Topic = _rows, LateTopic = Late, DeadLetterTopic = "d" },
            Flow = new FlowSettings { TailWaitMs = settleMs },
        };
        _reader = new TailReader(new KafkaSettings { BootstrapServers = kafka.BootstrapServers }, join, topics, _deliveries, Sys.Log);
        await _reader.RefreshAsync();
        Assert.Equal([0, 0, 0], _reader.Produced.Rows);
        return _reader;
    }

    static TopicSpecification Topic(string name, int partitions) => new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 };

    void Write(string topic, int partition, params string?[] ids)
    {
        using var producer = Producer(kafka.BootstrapServers);
        foreach (var id in ids)
            producer.Produce(new TopicPartition(topic, partition), Message(id));
        producer.Flush();
    }

    IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();

    IProducer<byte[]?, byte[]?> Transactional()
    {
        var config = new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = "tx-" + _rows };
        var producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetKeySerializer(Serializers.ByteArray!).SetValueSerializer(Serializers.ByteArray!).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(20));
        return producer;
    }
}
