using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>A topic as the broker describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Partitions">How many partitions it has; 0 = it does not exist.</param>
/// <param name="Id">The topic id, which a topic made again does not have; empty where the broker knows none.</param>
sealed record TopicInfo(string Name, int Partitions, string Id)
{
    internal bool Exists => Partitions > 0;

    /// <summary>A topic id as <see cref="Id"/> holds it.</summary>
    internal static string ToText(Uuid? id) =>
        id is null || (id.MostSignificantBits == 0 && id.LeastSignificantBits == 0) ? "" : id.ToString();
}

/// <summary>What a topic's configuration says that a join has to know before it writes there.</summary>
/// <param name="RetentionMs"><c>retention.ms</c>; -1 = for ever, null = not known.</param>
/// <param name="CleanupPolicy"><c>cleanup.policy</c>; empty = not known.</param>
/// <param name="MessageBytesMax"><c>max.message.bytes</c>; null = not known.</param>
sealed record TopicConfig(long? RetentionMs, string CleanupPolicy, int? MessageBytesMax)
{
    /// <summary>Of a topic of which the broker tells nothing.</summary>
    internal static TopicConfig Unknown { get; } = new(null, "", null);

    /// <summary>
    /// Whether all but the last record of each key may be deleted, and a record without a key is refused.
    /// </summary>
    internal bool IsCompacted => CleanupPolicy.Split(',').Any(policy => policy.Trim() == "compact");
}
