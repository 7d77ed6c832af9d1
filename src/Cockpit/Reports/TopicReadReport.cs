namespace AkkaJoin.Cockpit.Reports;

/// <summary>What was read of a topic for an answer, from the ends of its partitions backwards.</summary>
/// <param name="Text">It in a sentence.</param>
/// <param name="Records">How many records were read.</param>
/// <param name="Stop">
/// Why it ended: <see cref="SearchStop.End"/> = all was read, <see cref="SearchStop.Found"/> = enough was found.
/// </param>
/// <param name="Partitions">How far each partition was read; none where there is no such topic.</param>
sealed record TopicReadReport(string Text, long Records, SearchStop Stop, IReadOnlyList<PartitionRead> Partitions);

/// <summary>How far a partition was read.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Start">The first offset that it holds.</param>
/// <param name="From">The first offset that was read.</param>
/// <param name="End">The offset after the last one.</param>
sealed record PartitionRead(int Partition, long Start, long From, long End);

/// <summary>Why a search of a topic ended.</summary>
enum SearchStop
{
    /// <summary>All ranges were read.</summary>
    End,

    /// <summary>What was looked for was found.</summary>
    Found,

    /// <summary>The limit of records.</summary>
    Records,

    /// <summary>The limit of bytes.</summary>
    Bytes,

    /// <summary>The limit of time.</summary>
    Time,

    /// <summary>It did not begin: rows go to a reader in the application, and to no topic.</summary>
    NoTopic,
}
