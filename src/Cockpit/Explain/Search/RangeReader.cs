using System.Diagnostics;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>
/// Reads ranges of a topic, within limits that count over all that it reads. Its consumer is assigned the partitions,
/// commits nothing and joins no consumer group. Used by one thread.
/// </summary>
sealed class RangeReader : IDisposable
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    readonly ExplainLimits _limits;
    readonly IConsumer<byte[]?, byte[]?> _consumer;
    readonly long _since = Stopwatch.GetTimestamp();

    // The partitions whose range is not read to its end, and that end.
    Dictionary<int, long> _open = [];

    /// <summary>Makes one; its time begins.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="limits">The limits of all that it reads.</param>
    /// <param name="isolation">Whether records of open and aborted transactions are shown.</param>
    internal RangeReader(KafkaSettings kafka, ExplainLimits limits, IsolationLevel isolation)
    {
        _limits = limits;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(Config(kafka, isolation))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Records that were read.</summary>
    internal long Records { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The partitions whose range was not read to its end by the last read.</summary>
    internal IReadOnlyCollection<int> Unfinished => _open.Keys;

    /// <inheritdoc/>
    public void Dispose() => _consumer.Dispose();

    /// <summary>Reads the ranges, of one partition in offset order.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="ranges">What to read of which partitions.</param>
    /// <param name="visit">Gets each record; false = nothing more is needed.</param>
    /// <param name="stopping">Nobody waits for the result any more.</param>
    /// <exception cref="UserException">A broker refuses.</exception>
    internal SearchStop Read(
        string topic,
        IReadOnlyDictionary<int, OffsetRange> ranges,
        Func<ConsumeResult<byte[]?, byte[]?>, bool> visit,
        CancellationToken stopping)
    {
        _open = ranges.Where(r => r.Value.Before > r.Value.From).ToDictionary(r => r.Key, r => r.Value.Before);
        _consumer.Assign(_open.Keys.Select(p => new TopicPartitionOffset(topic, p, ranges[p].From)));
        while (_open.Count > 0)
        {
            stopping.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(_since) > _limits.TimeMax)
                return SearchStop.Time;
            var result = Consume();
            if (result is null || !_open.TryGetValue(result.Partition.Value, out var before))
                continue;
            var isOfRange = !result.IsPartitionEOF && result.Offset.Value < before;

            // At the end of the range stand control records, or none: then no record tells that it is reached.
            if (result.IsPartitionEOF || result.Offset.Value + 1 >= before)
                _open.Remove(result.Partition.Value);
            if (isOfRange && Visit(result, visit) is { } stop)
                return stop;
        }

        return SearchStop.End;
    }

    SearchStop? Visit(ConsumeResult<byte[]?, byte[]?> result, Func<ConsumeResult<byte[]?, byte[]?>, bool> visit)
    {
        Records++;
        Bytes += (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);
        if (!visit(result))
            return SearchStop.Found;
        if (_open.Count == 0)
            return null;
        if (Records >= _limits.RecordsMax)
            return SearchStop.Records;
        return Bytes >= _limits.BytesMax ? SearchStop.Bytes : null;
    }

    ConsumeResult<byte[]?, byte[]?>? Consume()
    {
        try
        {
            return _consumer.Consume(Poll);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal && e.Error.Code is not (ErrorCode.TopicAuthorizationFailed
            or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic))
        {
            return null; // it tries again
        }
        catch (ConsumeException e)
        {
            throw new UserException($"the topic cannot be read: {e.Error.Reason}", 1);
        }
    }

    static ConsumerConfig Config(KafkaSettings kafka, IsolationLevel isolation)
    {
        var config = new ConsumerConfig();
        foreach (var (key, value) in kafka.Client.Concat(kafka.Consumer))
            config.Set(key, value);
        config.BootstrapServers = kafka.BootstrapServers;
        config.GroupId = "akkajoin-explain"; // the client wants a name; without a subscription it is no group
        config.IsolationLevel = isolation;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.FetchWaitMaxMs = 50;
        config.FetchQueueBackoffMs = 10;
        config.QueuedMaxMessagesKbytes = 16 * 1024;
        return config;
    }
}
