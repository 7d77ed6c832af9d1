using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;

namespace AkkaJoin.Pipeline.Kafka.Dsl;

/// <summary>Sources over Kafka; the entry point that Akka.Streams.Kafka has.</summary>
static class KafkaConsumer
{
    /// <summary>Chunks of records of the subscribed topics. Each partition begins when the engine says so, see <see cref="IChunkControl"/>.</summary>
    internal static Source<RecordChunk, IChunkControl> ChunkSource(
        ConsumerSettings settings, AutoSubscription subscription, IAssignmentListener listener) =>
        Source.FromGraph(new KafkaSource(settings, subscription, listener));
}
