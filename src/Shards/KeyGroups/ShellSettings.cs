namespace AkkaJoin.Shards.KeyGroups;

/// <summary>The times and limits of a <see cref="KeyGroupShell"/>.</summary>
/// <param name="Flush">How long ticks and confirmations may wait for the journal.</param>
/// <param name="HandOver">How long an orderly stop waits for the broker and the journal.</param>
/// <param name="PartBytesMax">The most bytes of message parts that wait for the other parts.</param>
sealed record ShellSettings(TimeSpan Flush, TimeSpan HandOver, int PartBytesMax)
{
    /// <summary>Where the journal is, for messages to the operator.</summary>
    internal string JournalLocation { get; init; } = "";

    /// <summary>The wait after the first failure; each further one doubles it.</summary>
    internal TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait after a failure.</summary>
    internal TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after a snapshot that failed, so that a full disk is not written to at every event.</summary>
    internal TimeSpan SnapshotPause { get; init; } = TimeSpan.FromSeconds(2);
}
