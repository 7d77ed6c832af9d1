using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Protocol;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>
/// What decoding and routing allocate beside the messages themselves. The smallest object takes 24 bytes, so one for each record would
/// show.
/// </summary>
public sealed class RoutingAllocationTests(ITestOutputHelper output) : IRouterEffects
{
    // 0.6 were measured.
    const double BytesPerRecordMax = 0.9;
    const int Groups = 16, Partitions = 4, RecordsEach = 400, Rounds = 200;
    readonly Queue<Deliver> _sent = new();
    Router _router = null!;
    long _messageBytes;
    long _now = 10_000;

    [Fact]
    public void Decoding_and_routing_allocate_no_object_per_record()
    {
        var source = new SourceSettings { Topic = "t", KeyPaths = ["profile", "title"], TimePath = "ts", IdPath = "id" };
        var side = new[] { new RouteSide(Side.Left, 0, DecoderFactory.Create(source, [])) };
        _router = new Router(new RouterSettings(Groups, 0, new FlowSettings { LingerMs = 10_000, IsLingerAdaptive = false }), _ => side, this);
        Begin();
        var chunks = Enumerable.Range(0, 2 * Rounds * Partitions).Select(Chunk).ToList();
        Route(chunks[..(Rounds * Partitions)]);
        _messageBytes = 0;
        var bytes = Route(chunks[(Rounds * Partitions)..]);
        var perRecord = (double)(bytes - _messageBytes) / (Rounds * Partitions * RecordsEach);
        output.WriteLine($"{perRecord:F2} bytes a record beside {(double)_messageBytes / (Rounds * Partitions * RecordsEach):F1} of messages");
        Assert.InRange(perRecord, 0, BytesPerRecordMax);
        Assert.True(_router.IsClear);
    }

    /// <inheritdoc/>
    long IRouterEffects.ClockMs => 0;

    void IRouterEffects.Send(IKeyGroupMessage message)
    {
        if (message is not Deliver deliver)
            return;
        _sent.Enqueue(deliver);
        _messageBytes += deliver.Batches.Length;
    }

    /// <inheritdoc/>
    void IEngineEffects.AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs)
    {
    }

    /// <inheritdoc/>
    void IRouterEffects.SendToAll(NodeTicks ticks)
    {
    }

    /// <inheritdoc/>
    void IRouterEffects.StartReading(string topic, int partition, int generation, long offset)
    {
    }

    /// <inheritdoc/>
    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset) => throw new InvalidOperationException();

    /// <inheritdoc/>
    void IRouterEffects.ReduceInFlight(string topic, int partition, int generation, long bytes)
    {
    }

    /// <inheritdoc/>
    void IRouterEffects.Commit(PartitionOffset offset)
    {
    }

    /// <inheritdoc/>
    void IEngineEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        throw new InvalidOperationException();

    /// <inheritdoc/>
    void IEngineEffects.JournalIsBehind(string topic, int partition, long committed, long covered) => throw new InvalidOperationException();

    /// <inheritdoc/>
    void IEngineEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) => throw new InvalidOperationException();

    /// <inheritdoc/>
    void IRouterEffects.Fail(Exception reason) => throw reason;

    bool IRouterEffects.HasFailed => false;

    void Begin()
    {
        _router.Assigned([.. Enumerable.Range(0, Partitions).Select(p => new PartitionStart("t", p, 1, 0, true, 0, long.MaxValue, Partitions))], _now);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [.. Enumerable.Range(0, Partitions).Select(p => new AppliedPartition(new PartitionId(Side.Left, 0, p), 0))]), _now);
    }

    // Every message is answered before the next chunk. Only what the router does is counted.
    long Route(List<RecordChunk> chunks)
    {
        var bytes = 0L;
        foreach (var chunk in chunks)
        {
            bytes += Counted(() => _router.Chunk(chunk, _now));
            while (_sent.TryDequeue(out var message))
            {
                var ack = new KeyGroupAck(message.Group, Applied(message));
                bytes += Counted(() => _router.Acknowledged(ack, _now));
            }

            _now++;
        }

        _router.Flushing = true;
        bytes += Counted(() => _router.TimePassed(_now));
        _router.Flushing = false;
        while (_sent.TryDequeue(out var message))
            _router.Acknowledged(new KeyGroupAck(message.Group, Applied(message)), _now);
        return bytes;
    }

    static long Counted(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static AppliedPartition[] Applied(Deliver message)
    {
        var covered = new List<AppliedPartition>();
        for (var position = 0; position < message.Batches.Length;)
        {
            var header = BatchHeader.Read(message.Batches.AsSpan(position));
            covered.Add(new AppliedPartition(header.PartitionId, header.To));
            position += header.Length;
        }

        return [.. covered];
    }

    static RecordChunk Chunk(int number)
    {
        var (round, partition) = (number / Partitions, number % Partitions);
        var from = (long)round * RecordsEach;
        var values = Enumerable.Range(0, RecordsEach).Select(i =>
            $$"""{"id":"i{{partition}}-{{from + i:D9}}","ts":{{1_700_000_000_000 + from + i}},"profile":"m{{((from + i) * 7919) % 100_000}}","title":"t{{i % 200}}","row":3}""");
        return TextChunks.Of(partition, 1, from, [.. values], atEnd: false);
    }
}
