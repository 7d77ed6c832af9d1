using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Asks the brokers where logs end, with a client of its own, that there is only where something was asked.
/// </summary>
sealed class LogEnds(KafkaSettings kafka, CancellationToken stopping)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    readonly Lock _gate = new();
    TopicAdmin? _admin;

    /// <summary>The high watermarks; a partition whose leader did not answer is absent.</summary>
    /// <exception cref="KafkaException">No broker answered.</exception>
    internal async Task<IReadOnlyDictionary<(string Topic, int Partition), long>> AskAsync(
        IReadOnlyList<TopicPartitionGeneration> partitions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ends = await Admin().HighWatermarksAsync([.. partitions.Select(p => new TopicPartition(p.Topic, p.Partition))], AnswerMax);
        return ends.ToDictionary(end => (end.Key.Topic, end.Key.Partition.Value), end => end.Value);
    }

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
