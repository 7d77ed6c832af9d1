using AkkaJoin.Pipeline.Kafka.Admin;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>Topics whose partitions the group shares out.</summary>
/// <param name="Topics">The topics, each once.</param>
/// <param name="Ends">
/// Null, or the offset at which the reading of each partition ends; a partition without one ends at 0.
/// </param>
sealed record AutoSubscription(IReadOnlyList<string> Topics, IReadOnlyDictionary<TopicPartition, long>? Ends)
{
    /// <summary>What is known of the topics, so that one which was made again is not taken for the same.</summary>
    internal SourceTopics Sources { get; init; } = SourceTopics.Unknown;

    /// <summary>Bounded: reads each partition below its end offset.</summary>
    public AutoSubscription WithEnds(IReadOnlyDictionary<TopicPartition, long> ends) => this with { Ends = ends };
}
