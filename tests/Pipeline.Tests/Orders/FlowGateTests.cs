using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Orders;

/// <summary>A router that was told to pause, or how fast it may read. Partition 0 is left, partition 1 right.</summary>
public sealed class FlowGateTests
{
    readonly RecordedEffects _effects = new();
    readonly Dictionary<int, long> _positions = [];
    readonly Dictionary<int, int> _generations = [];
    Router _router;
    long _now = 10_000;

    public FlowGateTests() => _router = Router(rate: 0);

    [Fact]
    public void A_paused_side_is_not_read_and_the_other_is()
    {
        Obey(Paused(Side.Left));
        Read(0, 1);
        Read(1, 2);
        Pass(10_000);
        Assert.Equal((0, 2), (Position(0), Position(1)));
        Assert.Equal((PauseReason.Order, PauseReason.None), (PausedBy(0), PausedBy(1)));
    }

    [Fact]
    public void A_partition_that_comes_while_its_side_is_paused_is_not_read_either()
    {
        Obey(Paused(Side.Left) with { Number = 3 });
        _router.Lost([new TopicPartitionGeneration("t0", 0, _generations[0])]);
        Assign(0);
        Read(0, 3);
        Pass(1_000);
        Assert.Equal((0, PauseReason.Order), (Position(0), PausedBy(0)));
    }

    [Fact]
    public void Resumed_everything_is_read_that_waited_in_order()
    {
        Obey(Paused(Side.Left));
        Read(0, 2);
        Read(0, 3);
        Obey(FlowOrder.None with { Number = 2 });
        Assert.Equal((5, PauseReason.None), (Position(0), PausedBy(0)));
    }

    [Fact]
    public void A_paused_join_is_drained_when_what_it_had_read_is_committed_whatever_waits()
    {
        Read(0, 1);
        Obey(Paused(Side.Left).With(Side.Right, new SidePause(true)));
        Read(0, 1);
        Pass(1_000);
        Assert.False(_router.IsDrained);
        _router.Flushing = true;
        Acknowledge();
        Assert.True(_router.IsDrained);
        Assert.Contains(_effects.Committed, offset => offset is { Topic: "t0", Offset: 1 });
        Assert.DoesNotContain(_effects.Committed, offset => offset.Offset > 1);
    }

    [Fact]
    public void A_paused_partition_does_not_hold_the_others_back_in_event_time()
    {
        _router = Router(rate: 0, maxDriftMs: 1_000);
        Read(0, 1, time: 0);
        Read(1, 1, time: 900);
        Read(0, 1, time: 10); // waits, so that the left side has something to read
        Obey(Paused(Side.Left));
        Read(0, 1, time: 20);
        Read(1, 1, time: 500_000);
        Read(1, 1, time: 600_000);
        Pass(100);
        Assert.Equal(3, Position(1));
    }

    [Fact]
    public void The_side_that_was_away_is_read_first_and_the_other_waits_until_it_is_behind_no_more()
    {
        Read(0, 1, time: 0);
        Read(1, 1, time: 5_000);
        Obey(Paused(Side.Left));
        Obey(FlowOrder.None with { Number = 2 });
        Read(1, 1, time: 6_000);
        Assert.Equal((1, PauseReason.Returning), (Position(1), PausedBy(1)));
        Read(0, 1, time: 4_999);
        Pass(10);
        Assert.Equal(1, Position(1));
        Read(0, 1, time: 5_000);
        Pass(10);
        Assert.Equal(2, Position(1));
    }

    [Fact]
    public void When_a_join_wakes_the_side_that_is_behind_is_read_first()
    {
        Read(0, 1, time: 0);
        Read(1, 1, time: 5_000);
        Obey(FlowOrder.None with { Number = 1, Rest = new TimeRest(true) });
        Obey(FlowOrder.None with { Number = 2 });
        Read(1, 1, time: 6_000);
        Assert.Equal((1, PauseReason.Returning), (Position(1), PausedBy(1)));
        Read(0, 1, time: 5_000);
        Pass(10);
        Assert.Equal(2, Position(1));
    }

    [Fact]
    public void When_a_join_wakes_a_partition_that_never_had_a_record_is_not_behind()
    {
        Read(1, 1, time: 5_000);
        Obey(FlowOrder.None with { Number = 1, Rest = new TimeRest(true) });
        Obey(FlowOrder.None with { Number = 2 });
        Read(1, 1, time: 6_000);
        Assert.Equal((2, PauseReason.None), (Position(1), PausedBy(1)));
    }

    [Fact]
    public void A_side_that_was_away_and_has_nothing_more_to_read_keeps_nobody()
    {
        Read(0, 1, time: 0);
        Read(1, 1, time: 5_000);
        Obey(Paused(Side.Left));
        Obey(FlowOrder.None with { Number = 2 });
        Read(0, 1, time: 10, atEnd: true);
        Read(1, 1, time: 6_000);
        Pass(10);
        Assert.Equal(2, Position(1));
    }

    [Theory]
    [InlineData(100, 2)]
    [InlineData(1_000, 2)]
    [InlineData(100, 8)] // this node has a quarter of the partitions
    public void The_rate_is_a_mean_of_all_nodes_and_both_sides_get_of_it(int rate, int sourcePartitions)
    {
        _router = Router(rate, sourcePartitions: sourcePartitions);
        var own = rate * 2 / sourcePartitions;
        const int Seconds = 20;
        for (var chunk = 0; chunk < 10 * Seconds; chunk++)
        {
            Read(0, (own / 10) + 1);
            Read(1, (own / 10) + 1);
        }

        Assert.Equal(PauseReason.Rate, PausedBy(0));
        Pass(Seconds * 1_000);
        var read = Position(0) + Position(1);
        Assert.InRange(read, own * Seconds * 0.95, own * (Seconds + 1.2));
        Assert.InRange(Position(0), read * 0.45, read * 0.55);
    }

    [Fact]
    public void Of_a_topic_that_got_partitions_a_node_takes_a_smaller_share()
    {
        _router = Router(rate: 800, sourcePartitions: 4);
        _router.Lost([new TopicPartitionGeneration("t0", 0, _generations[0])]);
        Assign(0, count: 6);
        const int Seconds = 20;
        for (var chunk = 0; chunk < 10 * Seconds; chunk++)
        {
            Read(0, 40);
            Read(1, 40);
        }

        Pass(Seconds * 1_000);
        const int Own = 800 * 2 / 8;
        Assert.InRange(Position(0) + Position(1), Own * Seconds * 0.9, Own * (Seconds + 1.5));
    }

    [Fact]
    public void A_rate_is_changed_at_once_and_unlimited_lifts_the_configured_one()
    {
        _router = Router(rate: 1);
        for (var i = 0; i < 10; i++)
            Read(0, 100);
        Pass(1_000);
        Assert.Equal(100, Position(0)); // the first is on credit
        Obey(new FlowOrder { Number = 1, Rate = 0 });
        Assert.Equal(1_000, Position(0));
    }

    static FlowOrder Paused(Side side) => new FlowOrder { Number = 1 }.With(side, new SidePause(true));

    void Obey(FlowOrder order) => _router.Obey(order, _now);

    Router Router(int rate, long? maxDriftMs = null, int sourcePartitions = 2)
    {
        var settings = new RouterSettings(1, 0, new FlowSettings { GroupInFlightMax = 1_000 }, maxDriftMs)
        {
            RecordsPerSecondMax = rate,
            SourcePartitions = sourcePartitions,
        };
        _router = new Router(settings, topic => [new RouteSide(topic == "t0" ? Side.Left : Side.Right, 0, new TextDecoder())], _effects);
        Assign(0);
        Assign(1);
        return _router;
    }

    void Assign(int partition, int count = 2)
    {
        _generations[partition] = ++_effects.Generation;
        _positions[partition] = 0;
        _router.Assigned([new PartitionStart($"t{partition}", partition, _effects.Generation, 0, true, 0, 1_000_000, count)], _now);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(Id(partition), 0)]), _now);
    }

    static PartitionId Id(int partition) => new(partition == 0 ? Side.Left : Side.Right, 0, partition);

    void Read(int partition, int count, long time = 1, bool atEnd = false)
    {
        var from = _positions[partition];
        _positions[partition] += count;
        var values = Enumerable.Range(0, count).Select(i => $"k{i},{time},p{from + i}").ToList();
        var chunk = TextChunks.Of(partition, _generations[partition], from, values, atEnd);
        _router.Chunk(new RecordChunk
        {
            Topic = $"t{partition}",
            Partition = partition,
            Generation = chunk.Generation,
            From = chunk.From,
            To = chunk.To,
            AtEnd = atEnd,
            Buffer = chunk.Buffer,
            Records = chunk.Records,
            Count = chunk.Count,
            Length = chunk.Length,
        }, _now);
    }

    void Acknowledge()
    {
        foreach (var message in _effects.Sent.OfType<Deliver>().ToList())
        {
            var header = RecordBatch.Validate(message.Batches);
            _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(header.PartitionId, header.To)]), _now);
        }

        Pass(1_000);
    }

    long Position(int partition) => _router.Status().Partitions.Single(p => p.Number == partition).Position;

    PauseReason PausedBy(int partition) => _router.Status().Partitions.Single(p => p.Number == partition).PausedBy;

    void Pass(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 5)
            _router.TimePassed(_now);
    }
}
