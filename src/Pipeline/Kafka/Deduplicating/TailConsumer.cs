using System.Diagnostics;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>The output topics, as they are read to find rows that are there already. Every method blocks.</summary>
interface ITailLog : IDisposable
{
    /// <summary>The partitions that a topic has now.</summary>
    IEnumerable<TopicPartition> Partitions(string topic);

    /// <summary>The first offset that a partition holds, and the one after its last.</summary>
    (long Low, long High) Ends(TopicPartition partition);

    /// <summary>Reads each range, and hands over what stands in the id header.</summary>
    /// <returns>How many records were read.</returns>
    /// <exception cref="KafkaException">It could not be read to the end.</exception>
    long Read(IEnumerable<(TopicPartition Partition, long From, long To)> ranges, Action<byte[]> take, CancellationToken stopping);
}

/// <summary>
/// Reads the ids of ranges of output partitions. It is assigned them, so it joins no consumer group. It reads
/// uncommitted records too: they are in the topic. Used by one thread, which it blocks.
/// </summary>
sealed class TailConsumer : ITailLog
{
    static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);
    readonly IConsumer<Ignore, Ignore> _consumer;

    internal TailConsumer(KafkaSettings settings, string groupId)
    {
        var properties = ConsumerSettings.Merge(settings.Client, settings.Consumer);
        properties["bootstrap.servers"] = settings.BootstrapServers;
        properties["client.id"] = "akkajoin-tail";
        properties["group.id"] = groupId; // required, and not used without a subscription
        properties["enable.auto.commit"] = "false";
        properties["enable.auto.offset.store"] = "false";
        properties["enable.partition.eof"] = "true";
        properties["isolation.level"] = "read_uncommitted";
        properties["auto.offset.reset"] = "earliest"; // retention may remove the beginning meanwhile
        properties["queued.max.messages.kbytes"] = "16384";
        properties["fetch.wait.max.ms"] = "20";
        properties["fetch.queue.backoff.ms"] = "10";
        properties["dotnet.consumer.consume.result.fields"] = "headers,topic";
        var builder = new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { });
        _consumer = ClientConfiguration.Build(builder.Build, "consumer");
    }

    public void Dispose() => _consumer.Dispose();

    /// <inheritdoc/>
    public IEnumerable<TopicPartition> Partitions(string topic)
    {
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        var metadata = admin.GetMetadata(topic, AskTimeout).Topics[0];
        if (metadata.Error.IsError)
            throw new KafkaException(metadata.Error);
        return metadata.Partitions.ConvertAll(p => new TopicPartition(topic, p.PartitionId));
    }

    /// <inheritdoc/>
    public (long Low, long High) Ends(TopicPartition partition)
    {
        var ends = _consumer.QueryWatermarkOffsets(partition, AskTimeout);
        return (ends.Low.Value, ends.High.Value);
    }

    /// <inheritdoc/>
    public long Read(IEnumerable<(TopicPartition Partition, long From, long To)> ranges, Action<byte[]> take, CancellationToken stopping)
    {
        var open = ranges.Where(r => r.From < r.To).ToDictionary(r => r.Partition);
        var partitions = open.Keys.ToList();
        _consumer.Assign(open.Values.Select(r => new TopicPartitionOffset(r.Partition, r.From)));
        var read = 0L;
        var heard = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            stopping.ThrowIfCancellationRequested();
            var result = _consumer.Consume(PollTimeout);
            if (result is null)
            {
                if (Stopwatch.GetElapsedTime(heard) > SilenceMax)
                    throw new KafkaException(ErrorCode.Local_TimedOut);
                continue;
            }

            heard = Stopwatch.GetTimestamp();
            if (!open.TryGetValue(result.TopicPartition, out var range))
                continue; // fetched before the pause
            if (!result.IsPartitionEOF)
            {
                read++;
                if (Id(result.Message.Headers) is { } id)
                    take(id);
            }

            // The end of the log, where the last offsets of a range hold no record.
            if (result.Offset.Value < (result.IsPartitionEOF ? range.To : range.To - 1))
                continue;
            open.Remove(result.TopicPartition);
            _consumer.Pause([result.TopicPartition]);
        }

        _consumer.Resume(partitions); // or the next assignment would find them paused
        _consumer.Unassign();
        return read;
    }

    // The first of the name. The copy of a late record has its original's headers behind its own, and the original may
    // be a row of a join.
    static byte[]? Id(Headers? headers)
    {
        foreach (var header in headers ?? [])
        {
            if (header.Key == OutputHeaders.Id)
                return header.GetValueBytes();
        }

        return null;
    }
}
