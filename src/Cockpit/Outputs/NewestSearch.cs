using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>
/// Reads a topic backwards from the ends of its partitions, within limits, until the newest records of a kind are
/// found. It reads blocks: of each partition the newest first, and each block twice as long as the one before.
/// </summary>
/// <param name="kafka">The brokers.</param>
/// <param name="admin">Asks them.</param>
/// <param name="limits">The limits of one search.</param>
sealed class NewestSearch(KafkaSettings kafka, TopicAdmin admin, ExplainLimits limits)
{
    /// <summary>Looks for the newest records of a topic.</summary>
    /// <typeparam name="T">What is kept of a record.</typeparam>
    /// <param name="topic">The topic; where there is none, nothing is found.</param>
    /// <param name="partition">The only partition to read, of their number; null = all.</param>
    /// <param name="count">How many are wanted, from 1.</param>
    /// <param name="pick">What is kept of a record; null = it is of another kind.</param>
    /// <param name="stopping">Nobody waits for the result any more.</param>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal async Task<NewestRecords<T>> RunAsync<T>(
        string topic,
        Func<int, int>? partition,
        int count,
        Func<ConsumeResult<byte[]?, byte[]?>, T?> pick,
        CancellationToken stopping)
        where T : class
    {
        var log = await TopicLog.ReadAsync(admin, topic);
        var only = partition is null || log.Partitions.Count == 0 ? (int?)null : partition(log.Partitions.Count);
        var asked = log.Partitions.Where(p => only is null || p.Key == only).ToDictionary();
        return await Task.Run(() => Run(topic, asked, count, pick, stopping), stopping);
    }

    NewestRecords<T> Run<T>(
        string topic,
        Dictionary<int, PartitionLog> log,
        int count,
        Func<ConsumeResult<byte[]?, byte[]?>, T?> pick,
        CancellationToken stopping)
        where T : class
    {
        var parts = log.Select(p => new NewestPart<T>(p.Key, p.Value)).ToList();
        var (stop, read) = (SearchStop.End, 0L);
        if (parts.Exists(part => !part.IsAtStart))
        {
            using var reader = new RangeReader(kafka, limits, IsolationLevel.ReadCommitted);
            for (var block = Math.Max(1L, count / (4L * parts.Count)); stop == SearchStop.End; block *= 2)
            {
                var open = Open(parts, count);
                if (open.Count == 0)
                    break;
                var most = (limits.RecordsMax - reader.Records) / open.Count;
                stop = most < 1 ? SearchStop.Records : ReadBlocks(reader, topic, open, Math.Min(block, most), pick, stopping);
            }

            read = reader.Records;
        }

        var isWhole = parts.TrueForAll(part => part.IsAtStart);
        return new NewestRecords<T>(
            topic,
            [.. Newest(parts).Take(count)],
            [.. parts.Select(part => new PartitionRead(part.Partition, part.Log.Start, part.From, part.Log.StableEnd))],
            read,
            isWhole ? SearchStop.End : stop == SearchStop.End ? SearchStop.Found : stop);
    }

    // What a limit cut off is forgotten: a block is read forwards, so its newest records are missing.
    static SearchStop ReadBlocks<T>(
        RangeReader reader,
        string topic,
        List<NewestPart<T>> open,
        long block,
        Func<ConsumeResult<byte[]?, byte[]?>, T?> pick,
        CancellationToken stopping)
        where T : class
    {
        var byPartition = open.ToDictionary(part => part.Partition);
        var ranges = open.ToDictionary(part => part.Partition, part => part.Next(block));
        var stop = reader.Read(topic, ranges, AddToBlock, stopping);
        foreach (var part in open)
            part.End(ranges[part.Partition].From, isWhole: !reader.Unfinished.Contains(part.Partition));
        return stop;

        bool AddToBlock(ConsumeResult<byte[]?, byte[]?> result)
        {
            byPartition[result.Partition.Value].Add(result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, pick(result));
            return true;
        }
    }

    // A partition whose oldest record is older than as many as are wanted has nothing more to add.
    static List<NewestPart<T>> Open<T>(List<NewestPart<T>> parts, int count)
        where T : class
    {
        var last = Newest(parts).Skip(count - 1).FirstOrDefault();
        return
        [
            .. parts.Where(part => !part.IsAtStart && part.Found.Count < count && (last is null || part.OldestMs >= last.WrittenMs)),
        ];
    }

    // Offsets are the order of one partition. Between partitions there is that of the Kafka timestamps alone.
    static IEnumerable<NewestRecord<T>> Newest<T>(List<NewestPart<T>> parts)
        where T : class => parts.Count == 1
        ? parts[0].Found.OrderByDescending(record => record.Offset)
        : parts.SelectMany(part => part.Found).OrderByDescending(record => record.WrittenMs)
            .ThenBy(record => record.Partition).ThenByDescending(record => record.Offset);
}
