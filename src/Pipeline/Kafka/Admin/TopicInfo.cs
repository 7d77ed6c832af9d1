namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>A topic as the broker describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Partitions">How many partitions it has; 0 = it does not exist.</param>
/// <param name="Id">The topic id, which a topic made again does not have; empty where the broker knows none.</param>
sealed record TopicInfo(string Name, int Partitions, string Id)
{
    internal bool Exists => Partitions > 0;
}
