using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Histograms;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A router as it is now.</summary>
/// <param name="Partitions">The partitions that this node reads.</param>
/// <param name="Clear">Whether nothing is on its way to a key group.</param>
/// <param name="Applied">Whether every key group has applied everything that was read.</param>
/// <param name="BytesInFlight">Bytes of messages that are not acknowledged.</param>
/// <param name="Resent">Messages sent again.</param>
sealed record RouterStatus(IReadOnlyList<RouterStatus.Partition> Partitions, bool Clear, bool Applied, long BytesInFlight, long Resent)
{
    /// <summary>Messages with records to key groups, those sent again not counted.</summary>
    internal long MessagesSent { get; init; }

    /// <summary>
    /// Records read, before they went, of partitions that are gone: a broker that was away, or another node.
    /// </summary>
    internal long ConsumedOfGone { get; init; }

    /// <summary>Dead letters among them.</summary>
    internal long DeadLetteredOfGone { get; init; }

    /// <summary>What became of the lefts of partitions that are gone.</summary>
    internal SideFates LeftOfGone { get; init; }

    /// <summary>What became of the rights of partitions that are gone.</summary>
    internal SideFates RightOfGone { get; init; }

    /// <summary>How disordered the lefts of partitions that are gone were; it counts on.</summary>
    internal LogHistogram LeftDisorderOfGone { get; init; } = new();

    /// <summary>How disordered the rights of partitions that are gone were; it counts on.</summary>
    internal LogHistogram RightDisorderOfGone { get; init; } = new();

    /// <summary>How full the memory of the process is; beyond normal partitions are not told to read on.</summary>
    internal MemoryLevel Memory { get; init; }

    /// <summary>What is asked of the join, as this node knows it.</summary>
    internal FlowOrder Order { get; init; } = FlowOrder.None;

    /// <summary>Which of the configured fields were found since the start, and which were not.</summary>
    internal InputCounts Input { get; init; } = InputCounts.None;

    /// <summary>What became of all lefts read since the start.</summary>
    internal SideFates Left => Partitions.Aggregate(LeftOfGone, (sum, p) => sum + p.Left);

    /// <summary>What became of all rights read since the start.</summary>
    internal SideFates Right => Partitions.Aggregate(RightOfGone, (sum, p) => sum + p.Right);

    /// <summary>One partition.</summary>
    internal sealed record Partition(
        string Topic,
        int Number,
        PartitionPhase Phase,
        bool AtEnd,
        long Position,
        long LogEnd,
        long AcknowledgedOffset,
        long Consumed,
        long DeadLettered,
        IReadOnlyList<(PartitionId Id, long Watermark)> Watermarks)
    {
        /// <summary>The end of the log as the consumer heard of it last.</summary>
        internal long NewestLogEnd { get; init; }

        /// <summary>The offset at which reading began.</summary>
        internal long BeganAt { get; init; }

        /// <summary>What became of its records as lefts; nothing where the topic is not the left one.</summary>
        internal SideFates Left { get; init; }

        /// <summary>What became of its records as rights; nothing where the topic is not the right one.</summary>
        internal SideFates Right { get; init; }

        /// <summary>How disordered its records are, by side; these are not copied, and count on.</summary>
        internal IReadOnlyList<(Side Side, LogHistogram Ms)> Disorder { get; init; } = [];

        /// <summary>Why it is not read on.</summary>
        internal PauseReason PausedBy { get; init; }

        /// <summary>When records of it came last, or its reading began, ms since the epoch.</summary>
        internal long HeardAtMs { get; init; }

        /// <summary>
        /// Since when it is claimed to be idle, by the router's time, ms; null = it is not. In a self-join on either
        /// side.
        /// </summary>
        internal long? IdleSinceMs { get; init; }

        /// <summary>Whether a bounded run has read it to its end.</summary>
        internal bool IsFinished { get; init; }

        /// <summary>Whether there was nothing more to read at the position when the last records came.</summary>
        internal bool IsAtLogEnd { get; init; }

        /// <summary>The last offset that was handed to the committer.</summary>
        internal long CommittedOffset { get; init; }
    }
}

/// <summary>What became of the records that were read for one side: each has one fate.</summary>
/// <param name="Routed">Those that went to a key group.</param>
/// <param name="DeadLettered">Those that could not be decoded.</param>
/// <param name="Filtered">Those that the side's filter left out.</param>
readonly record struct SideFates(long Routed, long DeadLettered, long Filtered)
{
    /// <summary>All that were read.</summary>
    internal long Consumed => Routed + DeadLettered + Filtered;

    public static SideFates operator +(SideFates a, SideFates b) =>
        new(a.Routed + b.Routed, a.DeadLettered + b.DeadLettered, a.Filtered + b.Filtered);
}

/// <summary>The record to which a partition owes its time on one side: the one with the highest event time.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="TimeMs">Its event time, ms since the epoch.</param>
readonly record struct NewestRecord(Side Side, string Topic, int Partition, long Offset, long TimeMs);

/// <summary>A record that lay further above the highest time of its partition than max-jump.</summary>
/// <param name="Record">The record.</param>
/// <param name="AboveMs">The highest time of its partition then, ms since the epoch.</param>
readonly record struct JumpedRecord(NewestRecord Record, long AboveMs);
