using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>Where a bounded run ends.</summary>
/// <param name="Ends">The offset after the last record of each partition that read_committed shows.</param>
/// <param name="Open">The partitions that hold more, in open transactions or behind them.</param>
sealed record BoundedEnds(IReadOnlyDictionary<TopicPartition, long> Ends, IReadOnlyList<OpenTransaction> Open);
