using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>A record that was found.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="WrittenMs">Its Kafka timestamp, ms since the epoch.</param>
/// <param name="Record">What is kept of it.</param>
sealed record NewestRecord<T>(int Partition, long Offset, long WrittenMs, T Record);

/// <summary>The newest records of a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Records">The newest first.</param>
/// <param name="Parts">What was read; none where there is no such topic.</param>
/// <param name="Read">How many records were read.</param>
/// <param name="Stop">
/// Why the search ended: <see cref="SearchStop.End"/> = all was read, <see cref="SearchStop.Found"/> = enough.
/// </param>
sealed record NewestRecords<T>(
    string Topic, IReadOnlyList<NewestRecord<T>> Records, IReadOnlyList<PartitionRead> Parts, long Read, SearchStop Stop)
{
    /// <summary>What was read, for the answer.</summary>
    internal TopicReadReport Report() => new(Describe(), Read, Stop, Parts);

    string Describe()
    {
        if (Parts.Count == 0)
            return $"There is no topic {Topic}.";
        var of = Parts.Count == 1 ? $"{Topic}/{Parts[0].Partition}" : Topic;
        var read = $"{CountText.Of(Read, "record")} of {of} read";
        return Stop switch
        {
            SearchStop.End => $"{read}: all that it holds.",
            SearchStop.Found => $"{read}, from the end backwards, until enough were found.",
            SearchStop.Records => $"{read}, from the end backwards, until the limit of records (max-records) stopped the search.",
            SearchStop.Bytes => $"{read}, from the end backwards, until the limit of bytes (max-bytes) stopped the search.",
            _ => $"{read}, from the end backwards, until the limit of time (timeout) stopped the search.",
        };
    }
}
