namespace AkkaJoin.Shards.Journal;

/// <summary>How much at once the key groups of a node ask of the journal.</summary>
/// <param name="RecoveriesMax">The most key groups that read snapshot and journal at once.</param>
/// <param name="SnapshotsMax">The most key groups that write a snapshot at once.</param>
public sealed record JournalLimits(int RecoveriesMax, int SnapshotsMax = JournalLimits.SnapshotsMaxDefault)
{
    internal const int SnapshotsMaxDefault = 2;

    /// <summary>What holds where nothing is configured.</summary>
    public static JournalLimits Default { get; } = new(Math.Max(2, Environment.ProcessorCount));
}
