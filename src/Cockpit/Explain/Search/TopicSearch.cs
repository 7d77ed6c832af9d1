using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Reads ranges of a topic within limits.</summary>
/// <param name="kafka">The brokers.</param>
/// <param name="limits">The limits of one search.</param>
sealed class TopicSearch(KafkaSettings kafka, ExplainLimits limits)
{
    /// <summary>Reads the ranges, of one partition in offset order.</summary>
    /// <param name="log">Where the topic begins and ends.</param>
    /// <param name="ranges">What to read of which partitions.</param>
    /// <param name="isolation">Whether records of open and aborted transactions are shown.</param>
    /// <param name="visit">Gets each record; false = nothing more is needed.</param>
    /// <param name="stopping">Nobody waits for the result any more.</param>
    /// <exception cref="UserException">A broker refuses.</exception>
    internal Task<SearchEnd> RunAsync(
        TopicLog log,
        IReadOnlyDictionary<int, OffsetRange> ranges,
        IsolationLevel isolation,
        Func<ConsumeResult<byte[]?, byte[]?>, bool> visit,
        CancellationToken stopping) => Task.Run(() => Run(log, ranges, isolation, visit, stopping), stopping);

    SearchEnd Run(
        TopicLog log,
        IReadOnlyDictionary<int, OffsetRange> ranges,
        IsolationLevel isolation,
        Func<ConsumeResult<byte[]?, byte[]?>, bool> visit,
        CancellationToken stopping)
    {
        var end = new SearchEnd(log.Topic) { BeginsWithLog = log.BeginsWith(ranges) };
        if (ranges.Values.All(range => range.Before <= range.From))
            return end;
        using var reader = new RangeReader(kafka, limits, isolation);
        var stop = reader.Read(log.Topic, ranges, visit, stopping);
        return end with { Records = reader.Records, Stop = stop };
    }
}
