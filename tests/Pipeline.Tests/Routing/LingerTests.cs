using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class LingerTests
{
    const long LogEnd = 1_000;
    readonly RecordedEffects _effects = new();
    readonly long[] _positions = new long[2];
    Router _router = null!;
    long _now = 10_000;

    [Fact]
    public void Records_at_the_end_of_their_log_go_out_after_the_short_linger()
    {
        Begin(new FlowSettings());
        Read(0, 1, atEnd: true);
        Pass(15);
        Assert.Empty(Delivered());
        Pass(10);
        Assert.Single(Delivered());
    }

    [Fact]
    public void Records_of_a_partition_that_is_behind_wait_until_the_message_is_large()
    {
        Begin(new FlowSettings { BatchBytesMax = 4_096 });
        Read(0, 1, atEnd: false);
        Pass(400);
        Assert.Empty(Delivered());
        Read(0, 200, atEnd: false);
        Assert.Single(Delivered());
    }

    [Fact]
    public void They_wait_no_longer_than_the_long_linger()
    {
        Begin(new FlowSettings());
        Read(0, 1, atEnd: false);
        Pass(510);
        Assert.Single(Delivered());
    }

    [Fact]
    public void One_record_of_a_partition_at_its_end_takes_what_is_behind_along_at_once()
    {
        Begin(new FlowSettings());
        Read(0, 1, atEnd: false);
        Pass(100);
        Read(1, 1, atEnd: true);
        Pass(25);
        Assert.Equal([0, 1], Headers(Assert.Single(Delivered())).Select(h => h.Partition));
    }

    [Fact]
    public void A_live_partition_is_not_behind_for_a_chunk_that_does_not_reach_its_end()
    {
        Begin(new FlowSettings());
        Read(0, 0, atEnd: true);
        Pass(900);
        Read(0, 1, atEnd: false);
        Pass(25);
        Assert.Single(Delivered());
    }

    [Fact]
    public void A_partition_that_has_used_up_half_of_its_credit_waits_for_nothing()
    {
        Begin(new FlowSettings { PartitionInFlightBytesMax = 400 });
        Read(0, 20, atEnd: false);
        Pass(25);
        Assert.Single(Delivered());
    }

    [Fact]
    public void A_partition_that_leaves_waits_for_nothing()
    {
        Begin(new FlowSettings());
        Read(0, 1, atEnd: false);
        Pass(25);
        var left = new TaskCompletionSource<long>();
        _router.Revoked([(new TopicPartitionGeneration("t", 0, 1), left)], _now);
        Assert.Single(Delivered());
    }

    // Both partitions are read from 0; one key group.
    void Begin(FlowSettings flow)
    {
        _router = new Router(new RouterSettings(1, 0, flow), _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        _router.Assigned([.. Enumerable.Range(0, 2).Select(p => new PartitionStart("t", p, 1, 0, true, 0, LogEnd, 2))], _now);
        _router.Acknowledged(new GroupAck(0, [.. Enumerable.Range(0, 2).Select(p => new CoveredPartition(new PartitionId(Side.Left, 0, p), 0))]), _now);
    }

    void Read(int partition, int count, bool atEnd)
    {
        var values = Enumerable.Range(0, count).Select(i => $"key{i},{i},id{_positions[partition] + i}").ToList();
        _router.Chunk(TextChunks.Of(partition, 1, _positions[partition], values, atEnd), _now);
        _positions[partition] += count;
    }

    void Pass(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 5)
            _router.TimePassed(_now);
    }

    List<Deliver> Delivered() => [.. _effects.Sent.OfType<Deliver>()];

    static List<BatchHeader> Headers(Deliver message)
    {
        var headers = new List<BatchHeader>();
        for (var position = 0; position < message.Batches.Length; position += headers[^1].Length)
            headers.Add(BatchHeader.Read(message.Batches.AsSpan(position)));
        return headers;
    }
}
