using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Bench.Parts;

/// <summary>The source alone: every partition from its beginning to its end, each chunk's credit given back as it comes.</summary>
sealed class ConsumePart : IAssignmentListener
{
    readonly TaskCompletionSource<IChunkControl> _control = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<RecordChunk> _chunks = [];
    int _open = 2 * LoadTopics.Partitions;

    /// <summary>Reads both topics; the chunks in the order in which they came.</summary>
    internal static async Task<(double CpuSeconds, List<RecordChunk> Chunks)> MeasureAsync(KafkaSettings kafka, JoinSettings join)
    {
        using var admin = TopicAdmin.Create(kafka);
        string[] topics = [join.Left.Topic, join.Right.Topic];
        var subscription = Subscriptions.Topics(topics).WithEnds(await admin.EndOffsetsOfTopicsAsync(topics));
        var system = LocalSystem.Create();
        var part = new ConsumePart();
        var cpu = await CpuMeter.MeasureAsync(() => part.RunAsync(system.Materializer(), ConsumerSettings.Create(kafka, join), subscription));
        await (await part._control.Task).Shutdown();
        await system.Terminate();
        return (cpu, part._chunks);
    }

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<PartitionStart> starts)
    {
        foreach (var start in starts)
            _control.Task.Result.StartReading(start.Topic, start.Partition, start.Generation, start.CommittedOffset);
    }

    /// <inheritdoc/>
    public void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
    {
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<TopicPartitionGeneration> partitions)
    {
    }

    async Task RunAsync(IMaterializer materializer, ConsumerSettings settings, AutoSubscription subscription)
    {
        var (control, done) = KafkaConsumer.ChunkSource(settings, subscription, this)
            .ToMaterialized(Sink.ForEach<RecordChunk>(Take), Keep.Both)
            .Run(materializer);
        _control.SetResult(control);
        await await Task.WhenAny(_ended.Task, done);
    }

    void Take(RecordChunk chunk)
    {
        _chunks.Add(chunk);
        _control.Task.Result.ReduceInFlight(chunk.Topic, chunk.Partition, chunk.Generation, chunk.Length);
        if (chunk.AtEnd && --_open == 0)
            _ended.SetResult();
    }
}
