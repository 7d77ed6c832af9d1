using System.Collections.Concurrent;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// Where the source partitions of joins begin and end, asked from Kafka. All who ask within a second get one answer.
/// Which partitions there are, and where they begin, changes seldom and is asked seldom. The client is made at the
/// first question.
/// </summary>
sealed class SourceEnds : IDisposable
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    readonly Lazy<TopicAdmin> _admin;
    readonly ConcurrentDictionary<string, SharedAnswer<IReadOnlyDictionary<TopicPartition, (long Start, long End)>?>> _answers = [];

    internal SourceEnds(KafkaSettings kafka) =>
        _admin = new(() => TopicAdmin.Create(kafka with { ConnectTimeoutMs = (int)Timeout.TotalMilliseconds }));

    /// <summary>
    /// The first and the next offset of every partition of the topics; null where Kafka does not answer in time.
    /// </summary>
    internal Task<IReadOnlyDictionary<TopicPartition, (long Start, long End)>?> AskAsync(params string[] topics) =>
        _answers.GetOrAdd(string.Join(' ', topics.Distinct()), Shared).GetAsync();

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

    // No topic's name has a blank.
    SharedAnswer<IReadOnlyDictionary<TopicPartition, (long Start, long End)>?> Shared(string topics)
    {
        var starts = new SharedAnswer<Dictionary<TopicPartition, long>>(
            async () => await _admin.Value.StartOffsetsAsync(await _admin.Value.PartitionsAsync(topics.Split(' '))), SharedAnswer.LongLife);
        return new(() => AskAsync(starts), SharedAnswer.Life);
    }

    async Task<IReadOnlyDictionary<TopicPartition, (long Start, long End)>?> AskAsync(SharedAnswer<Dictionary<TopicPartition, long>> starts)
    {
        try
        {
            return await OffsetsAsync(starts).WaitAsync(Timeout);
        }
        catch (Exception e) when (e is UserException or TimeoutException)
        {
            return null;
        }
    }

    async Task<IReadOnlyDictionary<TopicPartition, (long Start, long End)>> OffsetsAsync(
        SharedAnswer<Dictionary<TopicPartition, long>> starts)
    {
        var from = await starts.GetAsync();
        var ends = await _admin.Value.EndOffsetsAsync(from.Keys);
        return from.ToDictionary(p => p.Key, p => (p.Value, ends[p.Key]));
    }
}
