using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Bench.Nodes;

/// <summary>Who reads which source partitions, as the broker has it.</summary>
sealed class Readers(KafkaSettings kafka, string group) : IDisposable
{
    readonly IAdminClient _admin = new AdminClientBuilder(new Dictionary<string, string>(kafka.Client) { ["bootstrap.servers"] = kafka.BootstrapServers })
        .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();

    /// <summary>Whether so many members, and no others, have all partitions between them.</summary>
    internal async Task<bool> HaveAllAsync(int members, int partitions)
    {
        try
        {
            var found = (await _admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions[0];
            return found.State == ConsumerGroupState.Stable && found.Members.Count == members
                && found.Members.All(m => m.Assignment.TopicPartitions.Count > 0)
                && found.Members.Sum(m => m.Assignment.TopicPartitions.Count) == partitions;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _admin.Dispose();
}
