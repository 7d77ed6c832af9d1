namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>What a topic's configuration says that a join has to know before it writes there.</summary>
/// <param name="RetentionMs"><c>retention.ms</c>; -1 = for ever, null = not known.</param>
/// <param name="CleanupPolicy"><c>cleanup.policy</c>; empty = not known.</param>
/// <param name="MessageBytesMax"><c>max.message.bytes</c>; null = not known.</param>
sealed record TopicConfig(long? RetentionMs, string CleanupPolicy, int? MessageBytesMax)
{
    /// <summary>Of a topic of which the broker tells nothing.</summary>
    internal static TopicConfig Unknown { get; } = new(null, "", null);

    /// <summary>Whether all but the last record of each key may be deleted, and a record without a key is refused.</summary>
    internal bool IsCompacted => CleanupPolicy.Split(',').Any(policy => policy.Trim() == "compact");
}
