using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Host.Judging;

/// <summary>What <see cref="Judge"/> is to judge.</summary>
/// <param name="Kafka">How the brokers are reached.</param>
/// <param name="Join">The join.</param>
public sealed record JudgeRequest(KafkaSettings Kafka, JoinSettings Join)
{
    /// <summary>
    /// How far the join has read: the offset after the last record per partition, as it was committed; a partition that is missing
    /// was not read. Records above may have come out already, but none must. Null = to the end of every partition.
    /// </summary>
    public IReadOnlyDictionary<PartitionId, long>? Ends { get; init; }

    /// <summary>Judge the rows of records with an event time at or above this, ms since the epoch.</summary>
    public long? FromMs { get; init; }

    /// <summary>Judge the rows of records with an event time below this, ms since the epoch.</summary>
    public long? ToMs { get; init; }

    /// <summary>How far a bounded run closed time, or null.</summary>
    public ClosedThrough? Closed { get; init; }

    /// <summary>Where every difference is written, one JSON object a line, or null.</summary>
    public string? DifferencesFile { get; init; }

    /// <summary>How long to wait for the next record of a partition that has more, ms.</summary>
    public int SilenceMaxMs { get; init; } = 30_000;
}
