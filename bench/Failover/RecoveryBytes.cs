namespace AkkaJoin.Bench.Failover;

/// <summary>What the moved key groups had to read to recover, and what they held.</summary>
/// <param name="Snapshots">Bytes of their newest snapshots.</param>
/// <param name="Journal">Bytes of the events after those.</param>
/// <param name="Live">Bytes that they held just before.</param>
/// <param name="WorstRatio">The highest ratio of one key group.</param>
sealed record RecoveryBytes(long Snapshots, long Journal, long Live, double WorstRatio)
{
    /// <summary>Bytes read for each byte held.</summary>
    public double Ratio => (double)(Snapshots + Journal) / Live;

    /// <summary>The same against the state as it is written, which has no index and no free space.</summary>
    public double RatioToSnapshots => (double)(Snapshots + Journal) / Snapshots;
}
