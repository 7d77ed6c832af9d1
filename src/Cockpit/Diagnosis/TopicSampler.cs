using System.Diagnostics;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// Reads the newest records of every partition of a topic as the join would see them: assigned, without a consumer
/// group, committing nothing.
/// </summary>
sealed class TopicSampler(KafkaSettings kafka, SampleLimits limits)
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a sample.</summary>
    /// <exception cref="UserException">There is no such topic, or the broker does not answer.</exception>
    internal async Task<TopicSample> ReadAsync(string topic, CancellationToken stopping)
    {
        using var admin = TopicAdmin.Create(kafka);
        var partitions = await admin.PartitionsAsync([topic]);
        var starts = await admin.StartOffsetsAsync(partitions);
        var ends = await admin.EndOffsetsAsync(partitions);
        return await Task.Run(() => Read([.. partitions.Select(p => new TopicRange(p, starts[p], ends[p]))], stopping), stopping);
    }

    TopicSample Read(IReadOnlyList<TopicRange> whole, CancellationToken stopping)
    {
        using var consumer = CreateConsumer();
        try
        {
            var ranges = Narrow(whole, consumer);
            var (records, end) = Read(ranges, consumer, stopping);
            var partitions = ranges.Zip(
                whole, (range, all) => new SampledPartition(range.Partition.Partition, all.Start, all.End, range.Start));
            return new TopicSample(records, [.. partitions], end);
        }
        catch (KafkaException e)
        {
            throw new UserException($"the broker at {kafka.BootstrapServers} does not answer: {e.Error.Reason}", 1);
        }
    }

    // The newest records of each partition, within the times that were asked for. Offsets that compaction or
    // transactions left empty make the sample smaller.
    List<TopicRange> Narrow(IReadOnlyList<TopicRange> whole, IConsumer<byte[]?, byte[]?> consumer)
    {
        var from = limits.FromMs is { } fromMs ? OffsetsAt(whole, fromMs, consumer) : null;
        var to = limits.ToMs is { } toMs ? OffsetsAt(whole, toMs, consumer) : null;
        var each = Math.Max(1, limits.Records / Math.Max(1, whole.Count));
        return
        [
            .. whole.Select(range =>
            {
                var end = to is null ? range.End : Math.Min(range.End, to[range.Partition]);
                var first = from is null ? range.Start : Math.Max(range.Start, from[range.Partition]);
                return range with { Start = Math.Min(Math.Max(first, end - each), Math.Max(first, end)), End = Math.Max(first, end) };
            }),
        ];
    }

    static Dictionary<TopicPartition, long> OffsetsAt(
        IReadOnlyList<TopicRange> whole, long ms, IConsumer<byte[]?, byte[]?> consumer)
    {
        var asked = whole.Select(range => new TopicPartitionTimestamp(range.Partition, new Timestamp(ms, TimestampType.CreateTime)));
        var ends = whole.ToDictionary(range => range.Partition, range => range.End);
        return consumer.OffsetsForTimes(asked, TimeSpan.FromSeconds(10))
            .ToDictionary(found => found.TopicPartition, found => found.Offset.Value < 0 ? ends[found.TopicPartition] : found.Offset.Value);
    }

    (List<RecordChunk> Records, SampleEnd End) Read(
        IReadOnlyList<TopicRange> ranges, IConsumer<byte[]?, byte[]?> consumer, CancellationToken stopping)
    {
        var open = ranges.Where(range => range.Start < range.End).ToDictionary(range => range.Partition, range => range.End);
        var records = new List<RecordChunk>();
        var (bytes, since, lasts) = (0L, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(limits.Seconds));
        consumer.Assign(open.Keys.Select(p => new TopicPartitionOffset(p, ranges.First(range => range.Partition == p).Start)));
        while (open.Count > 0)
        {
            stopping.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(since) > lasts)
                return (records, SampleEnd.Seconds);
            var result = consumer.Consume(Poll);
            if (result is null || !open.TryGetValue(result.TopicPartition, out var end))
                continue;
            if (!result.IsPartitionEOF && result.Offset.Value < end)
            {
                var chunk = RecordChunks.Of(result);
                bytes += chunk.Length;
                if (bytes > limits.Bytes)
                    return (records, SampleEnd.Bytes);
                records.Add(chunk);
            }

            // At the end of a partition may stand control records: then no record tells that it is reached.
            if (!result.IsPartitionEOF && result.Offset.Value + 1 < end)
                continue;
            open.Remove(result.TopicPartition);
            consumer.Pause([result.TopicPartition]);
        }

        return (records, SampleEnd.Complete);
    }

    IConsumer<byte[]?, byte[]?> CreateConsumer()
    {
        var properties = ConsumerSettings.Merge(kafka.Client, kafka.Consumer);
        var config = new ConsumerConfig(new Dictionary<string, string>(properties))
        {
            BootstrapServers = kafka.BootstrapServers,
            // The client wants a name; it joins no group, since it is assigned.
            GroupId = $"akkajoin-diagnosis-{Guid.NewGuid():N}",
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            QueuedMaxMessagesKbytes = 16 << 10,
            FetchQueueBackoffMs = 10,
            FetchWaitMaxMs = 50,
        };
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { });
        return ClientConfiguration.Build(builder.Build, "consumer");
    }

    sealed record TopicRange(TopicPartition Partition, long Start, long End);
}
