using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A router as it is now.</summary>
/// <param name="Partitions">The partitions that this node reads.</param>
/// <param name="Clear">Whether nothing is on its way to a key group.</param>
/// <param name="Covered">Whether every key group has journaled everything that was read.</param>
/// <param name="BytesInFlight">Bytes of messages that are not acknowledged.</param>
/// <param name="Resent">Messages sent again.</param>
sealed record RouterStatus(IReadOnlyList<RouterStatus.Partition> Partitions, bool Clear, bool Covered, long BytesInFlight, long Resent)
{
    /// <summary>Messages with records to key groups, those sent again not counted.</summary>
    internal long MessagesSent { get; init; }

    /// <summary>Records read, before they went, of partitions that are gone: a broker that was away, or another node.</summary>
    internal long ConsumedOfGone { get; init; }

    /// <summary>Dead letters among them.</summary>
    internal long DeadLetteredOfGone { get; init; }

    /// <summary>What became of the lefts of partitions that are gone.</summary>
    internal SideFates LeftOfGone { get; init; }

    /// <summary>What became of the rights of partitions that are gone.</summary>
    internal SideFates RightOfGone { get; init; }

    /// <summary>What was found of the configured fields since the start, and what not.</summary>
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
        long CoveredByAll,
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

        /// <summary>Why it is not read on.</summary>
        internal PauseReason PausedBy { get; init; }
    }
}
