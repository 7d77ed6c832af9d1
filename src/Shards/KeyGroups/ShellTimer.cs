namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a <see cref="KeyGroupShell"/> waits for by time. One of a kind runs at a time.</summary>
enum ShellTimer
{
    /// <summary>Ticks and confirmations have waited long enough for the journal.</summary>
    Flush,

    /// <summary>The wait after a failure is over.</summary>
    Resume,

    /// <summary>An orderly stop has waited long enough.</summary>
    GiveUp,

    /// <summary>The wait after a snapshot that failed is over.</summary>
    SnapshotPause,
}
