using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka.Settings;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Emits the records of the subscribed topics, a chunk of one partition at a time. A thread of its own polls the consumer for as long as the
/// stream lives; it pauses the partitions whose chunks were not released, so that the stream never holds it up.
/// </summary>
sealed class KafkaSource(ConsumerSettings settings, AutoSubscription subscription, IAssignmentListener listener)
    : GraphStageWithMaterializedValue<SourceShape<RecordChunk>, IChunkControl>
{
    internal Outlet<RecordChunk> Out { get; } = new("KafkaSource.out");

    public override SourceShape<RecordChunk> Shape => new(Out);

    public override ILogicAndMaterializedValue<IChunkControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var handover = new ChunkHandover(settings.PartitionInFlightBytesMax, settings.BufferedChunksMax);
        var control = new ChunkControl(handover);
        var logic = new KafkaSourceLogic(this, handover, control, settings, subscription, listener);
        return new LogicAndMaterializedValue<IChunkControl>(logic, control);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("KafkaSource");
}
