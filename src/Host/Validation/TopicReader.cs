using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Reads whole topics with a plain consumer: assigned, in a group of its own, never committing, at the join's isolation
/// level.
/// </summary>
sealed class TopicReader : IDisposable
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    readonly KafkaSettings _kafka;
    readonly int _silenceMaxMs;
    readonly IConsumer<byte[]?, byte[]?> _consumer;
    readonly IAdminClient _admin;

    internal TopicReader(KafkaSettings kafka, int silenceMaxMs)
    {
        _kafka = kafka;
        _silenceMaxMs = silenceMaxMs;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(Config(kafka, $"akkajoin-validation-{Guid.NewGuid():N}"))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
    }

    TimeSpan ConnectTimeout => TimeSpan.FromMilliseconds(_kafka.ConnectTimeoutMs);

    /// <summary>The configuration of a consumer that reads as the join does.</summary>
    internal static ConsumerConfig Config(KafkaSettings kafka, string group)
    {
        var config = new ConsumerConfig
        {
            IsolationLevel = IsolationLevel.ReadCommitted,
            // Without it a consumer pauses for a second whenever its queue is full.
            FetchQueueBackoffMs = 10,
            FetchWaitMaxMs = 50,
        };
        foreach (var (key, value) in kafka.Client.Concat(kafka.Consumer))
            config.Set(key, value);
        config.BootstrapServers = kafka.BootstrapServers;
        config.GroupId = group;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        return config;
    }

    /// <summary>
    /// The partitions of a topic with the offsets at which they begin and end now; empty where there is no such topic.
    /// </summary>
    /// <exception cref="UserException">The broker does not answer.</exception>
    internal Dictionary<int, (long Low, long High)> Ends(string topic)
    {
        try
        {
            var metadata = _admin.GetMetadata(topic, ConnectTimeout).Topics.Find(t => t.Topic == topic);
            if (metadata is null || metadata.Error.Code == ErrorCode.UnknownTopicOrPart)
                return [];
            return metadata.Partitions.ToDictionary(
                p => p.PartitionId,
                p =>
                {
                    var offsets = _consumer.QueryWatermarkOffsets(new TopicPartition(topic, p.PartitionId), ConnectTimeout);
                    return (offsets.Low.Value, offsets.High.Value);
                });
        }
        catch (KafkaException e)
        {
            throw new UserException($"the broker at {_kafka.BootstrapServers} does not answer: {e.Error.Reason}", 1);
        }
    }

    /// <summary>Reads every partition of a topic from its beginning to these ends.</summary>
    /// <returns>The records; of one partition in offset order.</returns>
    /// <exception cref="UserException">A partition that has more stayed silent too long.</exception>
    internal IEnumerable<ConsumeResult<byte[]?, byte[]?>> Read(
        string topic, IReadOnlyDictionary<int, (long Low, long High)> ends, CancellationToken cancellation)
    {
        var open = ends.Where(e => e.Value.High > e.Value.Low).ToDictionary(e => e.Key, e => e.Value.High);
        _consumer.Assign(open.Keys.Select(p => new TopicPartitionOffset(topic, p, ends[p].Low)));
        _consumer.Resume(open.Keys.Select(p => new TopicPartition(topic, p))); // librdkafka remembers a pause over assignments
        var silence = Environment.TickCount64;
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = _consumer.Consume(Poll);
            if (result is null)
            {
                if (Environment.TickCount64 - silence > _silenceMaxMs)
                    throw new UserException($"nothing came of {topic} for {_silenceMaxMs} ms, though it has more", 1);
                continue;
            }

            silence = Environment.TickCount64;
            var partition = result.Partition.Value;
            if (!open.TryGetValue(partition, out var end))
                continue;
            if (!result.IsPartitionEOF && result.Offset.Value < end)
                yield return result;
            // At the end of the partition stand control records, or none: then no record tells that it is reached.
            var position = result.IsPartitionEOF ? result.Offset.Value : result.Offset.Value + 1;
            if (position < end && !result.IsPartitionEOF)
                continue;
            open.Remove(partition);
            _consumer.Pause([result.TopicPartition]);
        }

        _consumer.Unassign();
    }

    public void Dispose()
    {
        _admin.Dispose();
        _consumer.Close();
        _consumer.Dispose();
    }
}
