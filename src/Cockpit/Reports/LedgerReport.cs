namespace AkkaJoin.Cockpit.Reports;

/// <summary>What became of every record of a join.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Left">The fates of lefts since the join's first start, over the key groups that answered.</param>
/// <param name="Right">The fates of rights.</param>
/// <param name="Partitions">
/// What became of the records that nodes read since they began to, before they went to key groups.
/// </param>
/// <param name="SilentGroups">The key groups that did not answer; their records are not counted.</param>
/// <param name="Missing">The nodes whose part is missing.</param>
sealed record LedgerReport(
    string Join,
    SideLedgerReport Left,
    SideLedgerReport Right,
    IReadOnlyList<LedgerPartition> Partitions,
    IReadOnlyList<int> SilentGroups,
    IReadOnlyList<MissingNode> Missing)
{
    /// <summary>Whether every sum is equal to what came in.</summary>
    public bool IsEqual => Left.Difference == 0 && Right.Difference == 0 && Partitions.All(p => p.Fates.Difference == 0);
}

/// <summary>The fates of the records of one side, as the key groups count them.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Received">Records that were applied, duplicates and late ones included.</param>
/// <param name="Matched">Those that found a partner.</param>
/// <param name="Unmatched">Those whose unmatched row came out.</param>
/// <param name="Expired">Those whose window closed without a partner and without a row.</param>
/// <param name="Late">Late ones that found no partner.</param>
/// <param name="Duplicates">Those whose id was known.</param>
/// <param name="Waiting">Those that wait for a partner.</param>
/// <param name="NullKeys">
/// Those without a key, among what the nodes read since they began to; they are unmatched or expired, too.
/// </param>
sealed record SideLedgerReport(
    Side Side,
    string Topic,
    long Received,
    long Matched,
    long Unmatched,
    long Expired,
    long Late,
    long Duplicates,
    long Waiting,
    long NullKeys)
{
    /// <summary>What is missing in the sum; 0 where it is well.</summary>
    public long Difference => Received - Matched - Unmatched - Expired - Late - Duplicates - Waiting;
}

/// <summary>What became of the records of one partition on one side.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition; null = those that the node read and does not read any more.</param>
/// <param name="Node">The node that reads it.</param>
/// <param name="Fates">The fates.</param>
sealed record LedgerPartition(Side Side, string Topic, int? Partition, string Node, FatesReport Fates);
