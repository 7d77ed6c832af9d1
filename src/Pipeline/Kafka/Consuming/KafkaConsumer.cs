using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>Sources over Kafka, by the name that they have in Akka.Streams.Kafka.</summary>
static class KafkaConsumer
{
    /// <summary>
    /// Chunks of records of the subscribed topics. Each partition is read once the engine says so, see
    /// <see cref="IChunkControl"/>.
    /// </summary>
    internal static Source<RecordChunk, IChunkControl> ChunkSource(
        ConsumerSettings settings, AutoSubscription subscription, IAssignmentListener listener) =>
        Source.FromGraph(new KafkaSource(settings, subscription, listener));
}

/// <summary>What a source reads, by the name that it has in Akka.Streams.Kafka.</summary>
static class Subscriptions
{
    /// <summary>All partitions of the topics, shared with the other members of the consumer group.</summary>
    internal static AutoSubscription Topics(params string[] topics) => new([.. topics.Distinct()], null);
}

/// <summary>Topics whose partitions the consumer group shares out.</summary>
/// <param name="Topics">The topics, each once.</param>
/// <param name="Ends">
/// Null, or the offset at which the reading of each partition ends; a partition without one ends at 0.
/// </param>
sealed record AutoSubscription(IReadOnlyList<string> Topics, IReadOnlyDictionary<TopicPartition, long>? Ends)
{
    /// <summary>What is known of the topics, so that one which was made again is not taken for the same.</summary>
    internal SourceTopics Sources { get; init; } = SourceTopics.Unknown;

    /// <summary>Bounded: reads each partition below its end offset.</summary>
    internal AutoSubscription WithEnds(IReadOnlyDictionary<TopicPartition, long> ends) => this with { Ends = ends };
}
