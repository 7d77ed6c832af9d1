using Akka.Configuration;

namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>How offsets are gathered before they are committed, in the names of <c>akka.kafka.committer</c>.</summary>
/// <param name="MaxBatch"><c>max-batch</c>: the most offsets that are gathered.</param>
/// <param name="MaxInterval"><c>max-interval</c>: the longest that they wait.</param>
sealed record CommitterSettings(int MaxBatch, TimeSpan MaxInterval)
{
    /// <summary>From a block in the form of <c>akka.kafka.committer</c>.</summary>
    public static CommitterSettings Create(Config config) =>
        new(config.GetInt("max-batch", 1_000), TimeSpan.FromMilliseconds(KafkaClients.Ms(config, "max-interval", 10_000)));
}
