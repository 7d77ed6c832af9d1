namespace AkkaJoin.Bench.Failover;

/// <summary>What one kill cost. Times are seconds since the kill; null = not seen within the limit.</summary>
sealed record KillFigures
{
    /// <summary>Whether the node was the oldest, where the shards' coordinator lives.</summary>
    public required bool WasOldest { get; init; }

    /// <summary>Key groups that lived on it.</summary>
    public required int MovedGroups { get; init; }

    /// <summary>Live state of all key groups.</summary>
    public required long StateBytes { get; init; }

    /// <summary>Records of all key groups that have no partner yet.</summary>
    public required long Waiting { get; init; }

    /// <summary>Rows a second in the fifteen seconds before.</summary>
    public required double RowsPerSecondBefore { get; init; }

    /// <summary>Another node noticed that it does not answer.</summary>
    public required double? Unreachable { get; init; }

    /// <summary>Another node removed it.</summary>
    public required double? Removed { get; init; }

    /// <summary>The consumer group had given its partitions to the others.</summary>
    public required double? Reassigned { get; init; }

    /// <summary>The first of the moved key groups journaled something.</summary>
    public required double? FirstEvent { get; init; }

    /// <summary>The last of them did.</summary>
    public required double? LastEvent { get; init; }

    /// <summary>The first row of a moved key group was appended.</summary>
    public required double? FirstRow { get; init; }

    /// <summary>Every moved key group had a row.</summary>
    public required double? LastFirstRow { get; init; }

    /// <summary>From here on rows came at 90 % of the rate before.</summary>
    public required double? FullRate { get; init; }

    /// <summary>95 % of the rows had come that would have without the kill.</summary>
    public required double? CaughtUp { get; init; }

    /// <summary>From the removal to the first row of a moved key group.</summary>
    public double? FirstRowSinceRemoval => FirstRow - Removed;

    /// <summary>What the moved key groups read and what they held.</summary>
    public required RecoveryBytes Recovery { get; init; }
}
