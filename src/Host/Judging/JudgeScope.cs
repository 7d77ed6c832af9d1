using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Judging;

/// <summary>What a <see cref="JudgeSession"/> judges of a join's rows.</summary>
/// <param name="FromMs">Rows of records with an event time at or above this, ms since the epoch; null = all.</param>
/// <param name="ToMs">Rows of records with an event time below this, ms since the epoch; null = all.</param>
/// <param name="Closed">How far a bounded run closed time, or null.</param>
/// <param name="LeftPartitions">The partitions of the left topic.</param>
/// <param name="RightPartitions">The partitions of the right topic.</param>
sealed record JudgeScope(long? FromMs, long? ToMs, ClosedThrough? Closed, int LeftPartitions, int RightPartitions)
{
    internal bool IsFiltered => FromMs is not null || ToMs is not null;

    internal long From => FromMs ?? TimeLimits.Min * 8;

    internal long To => ToMs ?? TimeLimits.Max * 8;

    internal int Partitions(Side side) => side == Side.Left ? LeftPartitions : RightPartitions;
}
