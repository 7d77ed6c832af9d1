using System.Text;
using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class KafkaSinkTests : KafkaTest
{
    static readonly OutputTopics Topics = new("rows", "late", "clicks", EventTimestamp: true);
    readonly EmbeddedKafka _kafka = new();
    readonly ProducerSettings _settings;
    OutputProducer? _producer;

    public KafkaSinkTests(ITestOutputHelper output)
        : base(output)
    {
        _kafka.CreateTopic("rows", 3);
        _kafka.CreateTopic("late", 1);
        _kafka.CreateTopic("dead", 1);
        _settings = new ProducerSettings { BootstrapServers = _kafka.BootstrapServers };
    }

    [Fact]
    public async Task Outputs_are_written_with_their_headers_and_confirmed_after_delivery()
    {
        var (actor, done) = Run(_settings);
        var header = new byte[64];
        var length = HeaderEncoding.WriteCount(header, 1);
        length += HeaderEncoding.Append(header.AsSpan(length), "x"u8, "y"u8, valueIsNull: false);
        var bytes = new OutputBytes()
            .Add(RowKind.Matched, 1_700_000_000_000, Utf8("a"), Utf8("row 0"))
            .Add(RowKind.Unmatched, 1_700_000_000_001, null, null)
            .Add(RowKind.LateJoined, 1_700_000_000_002, Utf8("a"), Utf8("row 2"))
            .Add(RowKind.LateRecord, 1_700_000_000_003, Utf8("a"), Utf8("late"), header[..length])
            .Add(RowKind.IdConflict, -1, [], [])
            .ToArray();
        actor.Tell(new OutputEvent(7, "J", 42, bytes, TestActor));
        Assert.Equal(42, ExpectMsg<OutputConfirmed>(TimeSpan.FromSeconds(10)).Sequence);
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));

        var rows = Read("rows", 3).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        Assert.Equal(
            [
                new Row("J-7-42-0", "a", "row 0", 1_700_000_000_000, "akkajoin-join=clicks;akkajoin-row=matched;"),
                new Row("J-7-42-1", null, null, 1_700_000_000_001, "akkajoin-join=clicks;akkajoin-row=unmatched;"),
                new Row("J-7-42-2", "a", "row 2", 1_700_000_000_002, "akkajoin-join=clicks;akkajoin-row=late-joined;"),
            ],
            rows);
        var late = Read("late", 2);
        Assert.Equal(new Row("J-7-42-3", "a", "late", late[0].TimestampMs, "akkajoin-join=clicks;x=y;akkajoin-source-timestamp=1700000000003;"), late[0]);
        Assert.Equal(new Row("J-7-42-4", "", "", late[1].TimestampMs, "akkajoin-join=clicks;"), late[1]);
        Assert.All(late, copy => Assert.InRange(copy.TimestampMs, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), long.MaxValue));
    }

    [Theory]
    [InlineData(RowHeaders.None, "")]
    [InlineData(RowHeaders.Join, "akkajoin-join=clicks;")]
    [InlineData(RowHeaders.Row, "akkajoin-row=matched;")]
    internal async Task A_row_has_the_headers_that_are_asked_for_and_a_late_record_its_own(RowHeaders asked, string expected)
    {
        var (actor, done) = Run(_settings, topics: Topics with { RowHeaders = asked });
        var bytes = new OutputBytes().Add(RowKind.Matched, 1, null, Utf8("row")).Add(RowKind.LateRecord, 2, null, Utf8("late")).ToArray();
        actor.Tell(new OutputEvent(7, "J", 42, bytes, TestActor));
        await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(10));
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([("J-7-42-0", expected)], Read("rows", 1).Select(r => (r.Id, r.Headers)));
        Assert.Equal([("J-7-42-1", "akkajoin-join=clicks;akkajoin-source-timestamp=2;")], Read("late", 1).Select(r => (r.Id, r.Headers)));
    }

    [Fact]
    public async Task Outputs_are_written_as_they_were_however_much_the_collector_moves_meanwhile()
    {
        var (actor, done) = Run(_settings.WithProperty("linger.ms", "300"));
        var value = new string('v', 900);
        var below = new Stack<byte[]>(Enumerable.Range(0, 2_000).Select(_ => new byte[500])); // what goes lets those above it slide down
        foreach (var sequence in Enumerable.Range(1, 100))
            actor.Tell(new OutputEvent(7, "J", sequence, new OutputBytes().Add(RowKind.Matched, 1_700_000_000_000, Utf8("a"), Utf8(value + sequence)).ToArray(), TestActor));
        while (!HasMessages)
        {
            for (var i = 0; i < 40; i++)
                below.TryPop(out _);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        ReceiveN(100, TimeSpan.FromSeconds(10));
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Enumerable.Range(1, 100).Select(sequence => value + sequence), Read("rows", 100).OrderBy(r => r.Id.Length).ThenBy(r => r.Id, StringComparer.Ordinal).Select(r => r.Value));
    }

    [Fact]
    public async Task An_event_without_outputs_is_confirmed()
    {
        var (actor, _) = Run(_settings);
        actor.Tell(new OutputEvent(0, "J", 1, ReadOnlyMemory<byte>.Empty, TestActor));
        Assert.Equal(1, (await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(10))).Sequence);
    }

    [Fact]
    public async Task What_is_in_the_topic_already_is_confirmed_and_not_written_again()
    {
        var deliveries = new Deliveries(Topics);
        var (actor, done) = Run(_settings, deliveries);
        deliveries.HandedOut(0);
        deliveries.HandedOut(0);
        actor.Tell(new OutputEvent(0, "J", 1, Rows(0, 3), TestActor) { Written = new HashSet<int> { 0, 1, 2 } });
        actor.Tell(new OutputEvent(0, "J", 2, Rows(1, 3), TestActor) { Written = new HashSet<int> { 0, 2 } });
        Assert.Equal(1, (await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(10))).Sequence);
        Assert.Equal(2, (await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(10))).Sequence);
        await deliveries.UntilNoneAsync(0).WaitAsync(TimeSpan.FromSeconds(10));
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("J-0-2-1", Assert.Single(Read("rows", 1)).Id);
        Assert.Equal(1, deliveries.Positions.Rows.Sum());
    }

    [Fact]
    public async Task Rows_of_a_key_keep_their_order_through_broker_errors()
    {
        const int Events = 200;
        const int Each = 20;
        var (actor, done) = Run(_settings.WithProperty("linger.ms", "1").WithProperty("retry.backoff.ms", "10"));
        for (var e = 0; e < Events; e++)
        {
            if (e % 50 == 10)
                _kafka.FailNext(0, ErrorCode.NotEnoughReplicas, ErrorCode.Local_Transport, ErrorCode.NotLeaderForPartition);
            actor.Tell(new OutputEvent(0, "J", e, Rows(e, Each), TestActor));
        }

        var confirmed = new HashSet<long>();
        while (confirmed.Count < Events)
            confirmed.Add((await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(30))).Sequence);
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));

        // The embedded broker does not de-duplicate: the first copy of each row counts.
        foreach (var key in Read("rows", Events * Each).GroupBy(r => r.Key))
        {
            var order = key.Select(r => int.Parse(r.Value!, System.Globalization.CultureInfo.InvariantCulture)).Distinct().ToList();
            Assert.Equal(order.Order(), order);
        }
    }

    [Fact]
    public async Task A_full_producer_queue_is_waited_for()
    {
        var (actor, done) = Run(_settings.WithProperty("queue.buffering.max.messages", "10"));
        actor.Tell(new OutputEvent(0, "J", 5, Rows(0, 1_000), TestActor));
        Assert.Equal(5, (await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(20))).Sequence);
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1_000, Read("rows", 1_000).Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task Nothing_is_confirmed_while_the_broker_is_away_and_all_when_it_is_back()
    {
        var (actor, done) = Run(_settings);
        _kafka.BrokerDown(-1);
        for (var e = 0; e < 10; e++)
            actor.Tell(new OutputEvent(0, "J", e, Rows(e, 10), TestActor));
        ExpectNoMsg(TimeSpan.FromMilliseconds(500));
        _kafka.BrokerUp(-1);
        for (var e = 0; e < 10; e++)
            await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(30));
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_producer_that_closes_while_the_broker_is_away_gives_its_records_up_and_confirms_none()
    {
        var (actor, done) = Run(_settings);
        _kafka.BrokerDown(-1);
        for (var e = 0; e < 10; e++)
            actor.Tell(new OutputEvent(0, "J", e, Rows(e, 100), TestActor));
        ExpectNoMsg(TimeSpan.FromMilliseconds(200)); // they are with the producer
        var closing = Task.Run(_producer!.Dispose);
        await closing.WaitAsync(TimeSpan.FromSeconds(10));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Assert.False(done.IsCompleted);
    }

    [Fact]
    public async Task A_record_that_is_too_large_stops_the_sink_with_a_clear_message()
    {
        var (actor, done) = Run(_settings);
        var bytes = new OutputBytes().Add(RowKind.Matched, 0, Utf8("big"), new byte[34_000_000]).ToArray();
        actor.Tell(new OutputEvent(0, "J", 1, bytes, TestActor));
        await Stopped(done, "topic 'rows' refused a record of event 1 with key 'big'", "message.max.bytes");
    }

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge, "message.max.bytes")]
    [InlineData(ErrorCode.InvalidTimestamp, "output.timestamp = now")]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "the right to write")]
    public async Task A_record_that_the_broker_refuses_stops_the_sink_with_a_clear_message(ErrorCode code, string remedy)
    {
        var (actor, done) = Run(_settings);
        _kafka.FailNext(0, code, code, code);
        actor.Tell(new OutputEvent(0, "J", 1, Rows(0, 1), TestActor));
        await Stopped(done, "topic 'rows' refused a record of event 1 with key 'k0'", remedy);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_durable_event_larger_than_every_limit_is_written()
    {
        var (actor, done) = Run(_settings with { InFlightBytesMax = 1_000, Parallelism = 10 });
        for (var e = 0; e < 3; e++)
            actor.Tell(new OutputEvent(0, "J", e + 1, Rows(e, 3_000), TestActor));
        for (var e = 0; e < 3; e++)
            await ExpectMsgAsync<OutputConfirmed>(TimeSpan.FromSeconds(20));
        actor.Tell(new Status.Success("done"));
        await done.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(9_000, Read("rows", 9_000).Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task Dead_letters_keep_the_record_and_say_why()
    {
        _producer = new OutputProducer(_settings, Sys.Log);
        using var letters = new DeadLetterProducer(_producer, "dead", "clicks", inFlightMax: 2);
        var sent = Enumerable.Range(0, 10).Select(i => letters.SendAsync(new DeadLetter(
            i == 0 ? null : Utf8("k"), Utf8("{"), ReadOnlyMemory<byte>.Empty, 5, "malformed-json", "no JSON", Side.Right, "plays", 3, i)));
        await Task.WhenAll(sent).WaitAsync(TimeSpan.FromSeconds(10));

        var read = Read("dead", 10);
        var first = Assert.Single(read, r => r.Key is null);
        Assert.Equal("{", first.Value);
        Assert.All(read, letter => Assert.InRange(letter.TimestampMs, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), long.MaxValue));
        Assert.Equal(
            "akkajoin-join=clicks;akkajoin-reason=malformed-json;akkajoin-detail=no JSON;akkajoin-side=right;" +
            "akkajoin-source-topic=plays;akkajoin-source-partition=3;akkajoin-source-offset=0;" +
            "akkajoin-source-timestamp=5;",
            first.Headers);
        _kafka.FailNext(0, ErrorCode.TopicAuthorizationFailed);
        var letter = new DeadLetter(null, null, ReadOnlyMemory<byte>.Empty, -1, "r", "d", Side.Left, "t", 0, 9);
        var e = await Assert.ThrowsAsync<KafkaStopException>(() => letters.SendAsync(letter));
        Assert.Contains("the dead letter t/0@9", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(1_100, false)]
    public async Task A_dead_letter_that_is_too_large_is_cut_and_says_so(int headerLength, bool keepsHeaders)
    {
        _producer = new OutputProducer(_settings.WithProperty("message.max.bytes", "4000"), Sys.Log);
        using var letters = new DeadLetterProducer(_producer, "dead", "clicks");
        var headers = new byte[headerLength + 64];
        var length = HeaderEncoding.WriteCount(headers, 1);
        length += HeaderEncoding.Append(headers.AsSpan(length), "x"u8, new byte[headerLength], valueIsNull: false);
        await letters.SendAsync(new DeadLetter(Utf8("k"), new byte[5_000], headers.AsMemory(0, length), 5, "malformed-json", new string('d', 5_000), Side.Left, "plays", 3, 7)).WaitAsync(TimeSpan.FromSeconds(10));
        var read = Read("dead", 1)[0];
        Assert.Equal((1_000, keepsHeaders), (read.Value!.Length, read.Headers.Contains("x=", StringComparison.Ordinal)));
        Assert.Contains(keepsHeaders ? "akkajoin-cut=value 5000;" : $"akkajoin-cut=value 5000, headers {length};", read.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_that_the_broker_finds_too_large_is_sent_again_with_less_of_it()
    {
        _producer = new OutputProducer(_settings, Sys.Log);
        using var letters = new DeadLetterProducer(_producer, "dead", "clicks");
        _kafka.FailNext(0, ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        var letter = new DeadLetter(Utf8("k"), new byte[1_100_000], ReadOnlyMemory<byte>.Empty, -1, "malformed-json", "no JSON", Side.Left, "plays", 3, 7);
        await letters.SendAsync(letter).WaitAsync(TimeSpan.FromSeconds(10));
        var read = Read("dead", 1)[0];
        Assert.Equal(400_000, read.Value!.Length);
        Assert.EndsWith("akkajoin-source-offset=7;akkajoin-cut=value 1100000;", read.Headers, StringComparison.Ordinal);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _producer?.Dispose();
        _kafka.Dispose();
    }

    static byte[] Rows(int first, int count)
    {
        var bytes = new OutputBytes();
        for (var i = 0; i < count; i++)
            bytes.Add(RowKind.Matched, 1_000, Utf8("k" + (i % 5)), Utf8((first * count + i).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return bytes.ToArray();
    }

    static async Task Stopped(Task<Done> done, params string[] parts)
    {
        var e = await Assert.ThrowsAsync<KafkaStopException>(() => done.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.All(parts, p => Assert.Contains(p, e.Message, StringComparison.Ordinal));
    }

    (IActorRef Actor, Task<Done> Done) Run(ProducerSettings settings, Deliveries? deliveries = null, OutputTopics? topics = null)
    {
        _producer = new OutputProducer(settings with { FlushTimeoutMs = 1_000 }, Sys.Log);
        var (actor, done) = KafkaProducer.OutputSource()
            .ToMaterialized(KafkaProducer.OutputSink(_producer, topics ?? Topics, settings, deliveries), Keep.Both).Run(Materializer);
        return (actor.GetAwaiter().GetResult(), done);
    }

    List<Row> Read(string topic, int count)
    {
        var config = new ConsumerConfig { BootstrapServers = _kafka.BootstrapServers, GroupId = "reader", FetchQueueBackoffMs = 10 };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(Deserializers.ByteArray!).SetValueDeserializer(Deserializers.ByteArray!).Build();
        consumer.Assign(Enumerable.Range(0, topic == "rows" ? 3 : 1).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var rows = new List<Row>();
        while (rows.Count < count)
            rows.Add(Row.Create(consumer.Consume(TimeSpan.FromSeconds(10))));
        return rows;
    }

    sealed record Row(string Id, string? Key, string? Value, long TimestampMs, string Headers)
    {
        internal static Row Create(ConsumeResult<byte[]?, byte[]?> r)
        {
            var headers = r.Message.Headers.Select(h => (h.Key, Value: Encoding.UTF8.GetString(h.GetValueBytes()))).ToList();
            return new Row(
                headers.Find(h => h.Key == OutputHeaders.Id).Value ?? "",
                r.Message.Key is { } k ? Encoding.UTF8.GetString(k) : null,
                r.Message.Value is { } v ? Encoding.UTF8.GetString(v) : null,
                r.Message.Timestamp.UnixTimestampMs,
                string.Concat(headers.Where(h => h.Key != OutputHeaders.Id).Select(h => h.Key + "=" + h.Value + ";")));
        }
    }
}
