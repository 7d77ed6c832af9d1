using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>A source partition as the node that reads it sees it. Offsets are exclusive.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Phase">Where it is in its life.</param>
sealed record SourceReport(string Topic, int Partition, PartitionPhase Phase)
{
    /// <summary>Whether there was nothing more to read when records came last.</summary>
    public bool IsAtLogEnd { get; init; }

    /// <summary>Where reading began.</summary>
    public long BeganAt { get; init; }

    /// <summary>Everything below it was read.</summary>
    public long Position { get; init; }

    /// <summary>The end of the log as the consumer heard of it last; -1 = not yet.</summary>
    public long LogEnd { get; init; }

    /// <summary>Every key group has acknowledged everything below it; -1 = one has not answered yet.</summary>
    public long AcknowledgedOffset { get; init; }

    /// <summary>The last offset that was handed to the committer.</summary>
    public long CommittedOffset { get; init; }

    /// <summary>Records that were read.</summary>
    public long Consumed { get; init; }

    /// <summary>When records of it came last, or its reading began, ms since the epoch by the wall clock.</summary>
    public long HeardAtMs { get; init; }

    /// <summary>
    /// Since when its key groups are told that it is idle, ms since the epoch by the wall clock; null = they are not.
    /// </summary>
    public long? IdleSinceMs { get; init; }

    /// <summary>Whether a bounded run has read it to its end.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Why it is not read on.</summary>
    public PauseReason PausedBy { get; init; }

    /// <summary>Whether it is memory that holds its bytes in flight.</summary>
    public bool PausedByMemory { get; init; }

    /// <summary>Since when it is not read on, ms since the epoch by the wall clock; null = it is.</summary>
    public long? PausedSinceMs { get; init; }

    /// <summary>Its sides: one, or two where a topic is joined with itself.</summary>
    public IReadOnlyList<SourceSideReport> Sides { get; init; } = [];
}

/// <summary>A source partition as one side of the join.</summary>
/// <param name="Side">The side.</param>
/// <param name="Fates">What became of its records.</param>
sealed record SourceSideReport(Side Side, FatesReport Fates)
{
    /// <summary>The watermark of what was read, ms since the epoch; null = no record had a time.</summary>
    public long? WatermarkMs { get; init; }

    /// <summary>The newest event time, ms since the epoch; null = no record had a time.</summary>
    public long? NewestTimeMs { get; init; }

    /// <summary>When the watermark rose last, ms since the epoch by the wall clock; null = not known.</summary>
    public long? WatermarkSinceMs { get; init; }
}

/// <summary>What became of records that were read.</summary>
/// <param name="Consumed">All of them.</param>
/// <param name="Routed">Those that went to a key group.</param>
/// <param name="DeadLettered">Those that could not be decoded.</param>
/// <param name="Filtered">Those that the side's filter left out.</param>
sealed record FatesReport(long Consumed, long Routed, long DeadLettered, long Filtered)
{
    internal static FatesReport None { get; } = new(0, 0, 0, 0);

    /// <summary>What is missing in the sum; 0 where it is well.</summary>
    public long Difference => Consumed - Routed - DeadLettered - Filtered;

    internal static FatesReport Of(in SideFates fates) => new(fates.Consumed, fates.Routed, fates.DeadLettered, fates.Filtered);

    public static FatesReport operator +(FatesReport a, FatesReport b) => new(
        a.Consumed + b.Consumed, a.Routed + b.Routed, a.DeadLettered + b.DeadLettered, a.Filtered + b.Filtered);
}
