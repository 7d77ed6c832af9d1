using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Asks the brokers where logs end, with a client of its own, that there is only where something was asked.
/// </summary>
/// <param name="kafka">The brokers.</param>
/// <param name="join">Says which of its sources are the application's: those have no log.</param>
/// <param name="stopping">The client ends.</param>
sealed class LogEnds(KafkaSettings kafka, JoinSettings join, CancellationToken stopping)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    readonly Lock _gate = new();
    TopicAdmin? _admin;

    /// <summary>
    /// The high watermarks; a partition whose leader did not answer is absent. Of one that has no log:
    /// <see cref="IdleWatch.NoLog"/>.
    /// </summary>
    /// <exception cref="KafkaException">No broker answered.</exception>
    internal async Task<IReadOnlyDictionary<(string Topic, int Partition), long>> AskAsync(
        IReadOnlyList<TopicPartitionGeneration> partitions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var answer = new Dictionary<(string Topic, int Partition), long>();
        var logs = new List<TopicPartition>();
        foreach (var partition in partitions)
        {
            if (HasLog(partition.Topic))
                logs.Add(new TopicPartition(partition.Topic, partition.Partition));
            else
                answer.Add((partition.Topic, partition.Partition), IdleWatch.NoLog);
        }

        if (logs.Count == 0)
            return answer;
        foreach (var (partition, end) in await Admin().HighWatermarksAsync(logs, AnswerMax))
            answer.Add((partition.Topic, partition.Partition.Value), end);
        return answer;
    }

    bool HasLog(string topic) => !(topic == join.Left.Topic ? join.Left : join.Right).IsFromSource;

    TopicAdmin Admin()
    {
        lock (_gate)
        {
            if (_admin is not null)
                return _admin;
            var admin = TopicAdmin.Create(kafka);
            _admin = admin;
            stopping.Register(admin.Dispose);
            return admin;
        }
    }
}
