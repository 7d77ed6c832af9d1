using AkkaJoin.Pipeline.Kafka.Admin;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Where the partitions of a topic begin and end now.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partitions">Its partitions; none where there is no such topic.</param>
sealed record TopicLog(string Topic, IReadOnlyDictionary<int, PartitionLog> Partitions)
{
    /// <summary>Asks the brokers.</summary>
    /// <exception cref="Pipeline.UserException">No broker answers in time.</exception>
    internal static async Task<TopicLog> ReadAsync(TopicAdmin admin, string topic)
    {
        var count = await admin.PartitionCountAsync(topic);
        var partitions = Enumerable.Range(0, count).Select(p => new TopicPartition(topic, p)).ToList();
        var starts = await admin.StartOffsetsAsync(partitions);
        var ends = await admin.EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted);
        var stable = await admin.EndOffsetsAsync(partitions);
        PartitionLog Log(TopicPartition p) => new(starts[p], Math.Min(stable[p], ends[p]), ends[p]);
        return new TopicLog(topic, partitions.ToDictionary(p => p.Partition.Value, Log));
    }

    /// <summary>
    /// The ranges of records from a time to another, by their Kafka timestamps. Without a first time: the newest
    /// records, as many as the limit allows.
    /// </summary>
    internal async Task<IReadOnlyDictionary<int, OffsetRange>> RangesAsync(TopicAdmin admin, long? fromMs, long? toMs, int recordsMax)
    {
        var from = await AtAsync(admin, fromMs);
        var to = await AtAsync(admin, toMs + 1);
        var share = Math.Max(1, recordsMax / Math.Max(1, Partitions.Count));
        return Partitions.ToDictionary(p => p.Key, p =>
        {
            var end = to?[p.Key] ?? p.Value.StableEnd;
            return new OffsetRange(from?[p.Key] ?? Math.Max(p.Value.Start, end - share), end);
        });
    }

    /// <summary>Whether ranges begin where the log does.</summary>
    internal bool BeginsWith(IReadOnlyDictionary<int, OffsetRange> ranges) =>
        Partitions.All(p => ranges.TryGetValue(p.Key, out var range) && range.From <= p.Value.Start);

    // The first offset of each partition whose record is at a time or after it; null where nothing is asked.
    async Task<Dictionary<int, long>?> AtAsync(TopicAdmin admin, long? timeMs)
    {
        if (timeMs is not { } time)
            return null;
        var partitions = Partitions.Keys.Select(p => new TopicPartition(Topic, p)).ToList();
        var found = await admin.OffsetsAtAsync(partitions, Math.Max(0, time));

        // A broker without an index of times answers for every time that there is nothing.
        var first = found.Values.Any(offset => offset < 0) ? await admin.OffsetsAtAsync(partitions, 0) : found;
        return partitions.ToDictionary(p => p.Partition.Value, p =>
        {
            var log = Partitions[p.Partition.Value];
            if (found[p] >= 0)
                return Math.Clamp(found[p], log.Start, log.StableEnd);
            return first[p] < 0 ? log.Start : log.StableEnd;
        });
    }
}

/// <summary>Where a partition begins and ends.</summary>
/// <param name="Start">The first offset that it holds.</param>
/// <param name="StableEnd">The next offset that read_committed will show: below all open transactions.</param>
/// <param name="End">The offset of the next record.</param>
readonly record struct PartitionLog(long Start, long StableEnd, long End);

/// <summary>Offsets of a partition.</summary>
/// <param name="From">The first one.</param>
/// <param name="Before">The one after the last.</param>
readonly record struct OffsetRange(long From, long Before);
