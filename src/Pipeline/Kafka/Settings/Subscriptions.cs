namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>What a source reads; the shape of Akka.Streams.Kafka.</summary>
static class Subscriptions
{
    /// <summary>All partitions of the topics, shared with the other members of the group.</summary>
    public static AutoSubscription Topics(params string[] topics) => new([.. topics.Distinct()], null);
}
