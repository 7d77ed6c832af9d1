using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Records of a topic, as the broker delivered them.</summary>
/// <param name="Records">
/// The records, each in a chunk of its own; those of one partition in the order of their offsets.
/// </param>
/// <param name="Partitions">What was read of each partition.</param>
/// <param name="End">Why there are no more.</param>
sealed record TopicSample(IReadOnlyList<RecordChunk> Records, IReadOnlyList<SampledPartition> Partitions, SampleEnd End);
