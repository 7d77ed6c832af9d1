using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
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
    public void All_that_was_read_goes_out_together_once_the_source_has_nothing_more()
    {
        Begin(new FlowSettings());
        Read(0, 1);
        Assert.Empty(Delivered());
        Read(1, 1, isLast: true);
        Assert.Equal([0, 1], Headers(Assert.Single(Delivered())).Select(h => h.Partition));
    }

    [Fact]
    public void It_does_not_go_out_so_again_within_the_linger()
    {
        Begin(new FlowSettings());
        Read(0, 1, isLast: true);
        Answer();
        Pass(10);
        Read(0, 1, isLast: true);
        Assert.Single(Delivered());
        Pass(25);
        Assert.Equal(2, Delivered().Count);
    }

    [Fact]
    public void After_the_linger_it_does()
    {
        Begin(new FlowSettings());
        Read(0, 1, isLast: true);
        Answer();
        Pass(20);
        Read(0, 1, isLast: true);
        Assert.Equal(2, Delivered().Count);
    }

    [Fact]
    public void Where_the_source_always_has_more_records_go_out_at_whole_multiples_of_the_linger()
    {
        Begin(new FlowSettings());
        Read(0, 1);
        Pass(20); // to 10,015
        Assert.Empty(Delivered());
        Pass(5);
        Assert.Single(Delivered());
    }

    [Fact]
    public void A_linger_that_is_set_is_kept_also_where_there_is_nothing_more_to_read()
    {
        Begin(new FlowSettings { LingerMs = 40, IsLingerAdaptive = false });
        Read(0, 1, isLast: true);
        Pass(40);
        Assert.Empty(Delivered());
        Pass(5);
        Assert.Single(Delivered());
    }

    [Fact]
    public void What_waits_for_an_answer_gathers_meanwhile()
    {
        Begin(new FlowSettings());
        Read(0, 1, isLast: true);
        Pass(100);
        Read(0, 1, isLast: true);
        Read(0, 1, isLast: true);
        Pass(100);
        Assert.Single(Delivered());
        Answer();
        Assert.Equal([2], Headers(Delivered()[1]).Select(h => h.Count));
    }

    [Fact]
    public void A_partition_that_leaves_waits_for_nothing()
    {
        Begin(new FlowSettings());
        Read(0, 1);
        var left = new TaskCompletionSource<long>();
        _router.Revoked([(new TopicPartitionGeneration("t", 0, 1), left)], _now);
        Assert.Single(Delivered());
    }

    // Both partitions are read from 0; one key group.
    void Begin(FlowSettings flow)
    {
        _router = new Router(new RouterSettings(1, 0, flow), _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        _router.Assigned([.. Enumerable.Range(0, 2).Select(p => new PartitionStart("t", p, 1, 0, true, 0, LogEnd, 2))], _now);
        _router.Acknowledged(new KeyGroupAck(0, [.. Enumerable.Range(0, 2).Select(p => new AppliedPartition(new PartitionId(Side.Left, 0, p), 0))]), _now);
    }

    void Answer() => _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 1)]), _now);

    void Read(int partition, int count, bool isLast = false)
    {
        var values = Enumerable.Range(0, count).Select(i => $"key{i},{i},id{_positions[partition] + i}").ToList();
        _router.Chunk(TextChunks.Of(partition, 1, _positions[partition], values, isLast: isLast), _now);
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
