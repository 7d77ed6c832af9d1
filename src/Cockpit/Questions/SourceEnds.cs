using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// Where the source partitions of joins begin and end, asked from Kafka each time. The client is made at the first
/// question.
/// </summary>
sealed class SourceEnds(KafkaSettings kafka) : IDisposable
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    readonly Lazy<TopicAdmin> _admin = new(() => TopicAdmin.Create(kafka with { ConnectTimeoutMs = (int)Timeout.TotalMilliseconds }));

    /// <summary>
    /// The first and the next offset of every partition of the topics; null where Kafka does not answer in time.
    /// </summary>
    internal async Task<IReadOnlyDictionary<TopicPartition, (long Start, long End)>?> AskAsync(params string[] topics)
    {
        try
        {
            return await OffsetsAsync([.. topics.Distinct()]).WaitAsync(Timeout);
        }
        catch (Exception e) when (e is UserException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The configuration of topics; empty where Kafka does not answer in time.</summary>
    internal async Task<IReadOnlyDictionary<string, TopicConfig>> ConfigsAsync(IReadOnlyCollection<string> topics)
    {
        try
        {
            return await Task.Run(() => _admin.Value.ConfigsAsync(topics)).WaitAsync(Timeout);
        }
        catch (Exception e) when (e is UserException or TimeoutException)
        {
            return new Dictionary<string, TopicConfig>();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_admin.IsValueCreated)
            _admin.Value.Dispose();
    }

    async Task<IReadOnlyDictionary<TopicPartition, (long Start, long End)>> OffsetsAsync(string[] topics)
    {
        var partitions = await _admin.Value.PartitionsAsync(topics);
        var starts = _admin.Value.StartOffsetsAsync(partitions);
        var ends = await _admin.Value.EndOffsetsAsync(partitions);
        return (await starts).ToDictionary(p => p.Key, p => (p.Value, ends[p.Key]));
    }
}
