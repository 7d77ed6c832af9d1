namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// When a key group takes a snapshot: when a recovery would read more than <see cref="KeyGroupLimits.RecoveryReadMax"/>
/// times the live state.
/// <para>
/// Example with a limit of 2. While the state grows from nothing the journal is about as long as the state, and no
/// snapshot is due. Once the state stays at 10 MiB, one is due when the journal has 20 MiB; after that, each time that
/// the journal since the snapshot is as long as the state.
/// </para>
/// </summary>
sealed class SnapshotPolicy(KeyGroupLimits limits)
{
    // Of JournalBytes, those of the events that the last capture contains.
    long _capturedBytes;

    // About the length of the last capture's snapshot, and of the one that is durable.
    long _captureLength;
    long _snapshotLength;

    /// <summary>Bytes of events since the last durable snapshot.</summary>
    internal long JournalBytes { get; private set; }

    /// <summary>Whether a snapshot is due.</summary>
    /// <param name="liveBytes">Bytes of the live state.</param>
    internal bool IsDue(long liveBytes) =>
        JournalBytes > limits.SnapshotBytesMin && _snapshotLength + JournalBytes > limits.RecoveryReadMax * liveBytes;

    /// <summary>An event was applied.</summary>
    internal void AddEvent(int bytes) => JournalBytes += bytes;

    /// <summary>The group's state was captured for a snapshot.</summary>
    internal void Captured(long liveBytes) => (_capturedBytes, _captureLength) = (JournalBytes, liveBytes);

    /// <summary>The snapshot of the last capture is durable.</summary>
    internal void Saved()
    {
        JournalBytes -= _capturedBytes;
        _capturedBytes = 0;
        _snapshotLength = _captureLength;
    }

    /// <summary>The state was restored from a snapshot.</summary>
    internal void Restored(long liveBytes) => _snapshotLength = liveBytes;
}
