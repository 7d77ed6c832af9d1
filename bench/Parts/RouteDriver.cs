using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.Parts;

/// <summary>
/// Drives a <see cref="Router"/> with key groups that acknowledge everything as soon as it is sent. Time stands still, so that a
/// message goes out when it is as large as it shall be.
/// </summary>
sealed class RouteDriver : IRouterEffects
{
    const int MessageBytesMin = 4_096;
    const long NowMs = 1;
    readonly Queue<KeyGroupAck> _acks = new();
    readonly List<byte[]>[] _sent;

    RouteDriver(int groups) => _sent = [.. Enumerable.Range(0, groups).Select(_ => new List<byte[]>())];

    /// <summary>Routes the chunks.</summary>
    /// <returns>The messages to each key group, in order.</returns>
    internal static List<byte[]>[] Run(JoinSettings join, JoinDefinition definition, List<RecordChunk> chunks, long messageBytes)
    {
        var driver = new RouteDriver(definition.KeyGroups);
        var flow = join.Flow with { BatchBytesMax = (int)Math.Clamp(messageBytes, MessageBytesMin, join.Flow.PartitionInFlightBytesMax) };
        var left = new[] { new RouteSide(Side.Left, 0, DecoderFactory.Create(join.Left, join.LeftFields)) };
        var right = new[] { new RouteSide(Side.Right, 0, DecoderFactory.Create(join.Right, join.RightFields)) };
        var router = new Router(
            new RouterSettings(definition.KeyGroups, join.MaxOutOfOrdernessMs, flow), topic => topic == join.Left.Topic ? left : right, driver);
        router.Assigned([.. Starts(chunks)], NowMs);
        driver.Answer(router);
        foreach (var chunk in chunks)
        {
            router.Chunk(chunk, NowMs);
            driver.Answer(router);
        }

        router.Flushing = true;
        router.TimePassed(NowMs);
        driver.Answer(router);
        return driver._sent;
    }

    /// <inheritdoc/>
    public long ClockMs => NowMs;

    /// <inheritdoc/>
    public void Send(IKeyGroupMessage message)
    {
        switch (message)
        {
            case Deliver deliver:
                _sent[deliver.Group].Add(deliver.Batches);
                _acks.Enqueue(new KeyGroupAck(deliver.Group, Applied(deliver.Batches)));
                break;
            case DeliverTicks ticks:
                _acks.Enqueue(new KeyGroupAck(ticks.Group, [.. ticks.Ticks.Select(t => new AppliedPartition(t.Partition, t.To))]));
                break;
        }
    }

    /// <inheritdoc/>
    public void SendToAll(NodeTicks ticks)
    {
        for (var group = 0; group < _sent.Length; group++)
            Send(new DeliverTicks(group, ticks.Ticks, ticks.Flush));
    }

    /// <inheritdoc/>
    public void AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs)
    {
    }

    /// <inheritdoc/>
    public void StartReading(string topic, int partition, int generation, long offset)
    {
    }

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset) => throw new InvalidOperationException("nothing is lost here");

    /// <inheritdoc/>
    public void ReduceInFlight(string topic, int partition, int generation, long bytes)
    {
    }

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset)
    {
    }

    /// <inheritdoc/>
    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        throw new InvalidOperationException("the load has no dead letters");

    /// <inheritdoc/>
    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) => throw new InvalidOperationException("nothing is ahead here");

    public void JournalIsBehind(string topic, int partition, long committed, long covered) => throw new InvalidOperationException("nothing is behind here");

    /// <inheritdoc/>
    public void Fail(Exception reason) => throw reason;

    public bool HasFailed => false;

    static IEnumerable<PartitionStart> Starts(List<RecordChunk> chunks) => chunks
        .DistinctBy(c => (c.Topic, c.Partition))
        .Select(c => new PartitionStart(c.Topic, c.Partition, c.Generation, c.From, false, c.From, long.MaxValue, Load.LoadTopics.Partitions));

    static AppliedPartition[] Applied(byte[] batches)
    {
        var covered = new List<AppliedPartition>();
        for (var at = 0; at < batches.Length;)
        {
            var header = BatchHeader.Read(batches.AsSpan(at));
            covered.Add(new AppliedPartition(header.PartitionId, header.To));
            at += header.Length;
        }

        return [.. covered];
    }

    void Answer(Router router)
    {
        while (_acks.TryDequeue(out var ack))
            router.Acknowledged(ack, NowMs);
    }
}
