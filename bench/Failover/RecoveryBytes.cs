namespace AkkaJoin.Bench.Failover;

/// <summary>What the moved key groups had to read to recover, and what they held.</summary>
/// <param name="Snapshots">Bytes of their newest snapshots.</param>
/// <param name="Journal">Bytes of the events after those.</param>
/// <param name="Live">Bytes that they held just before, the index included.</param>
/// <param name="WorstRatio">The highest ratio of one key group.</param>
sealed record RecoveryBytes(long Snapshots, long Journal, long Live, double WorstRatio)
{
    /// <summary>Bytes read for each byte held.</summary>
    public double Ratio => (double)(Snapshots + Journal) / Live;
}
