namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// From the thread that writes a snapshot to its key group: all segments are durable, and the manifest may be saved.
/// </summary>
/// <param name="Sequence">The event that the snapshot is of.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Segments">How many segments there are.</param>
sealed record SnapshotWritten(long Sequence, byte[] Manifest, int Segments);

/// <summary>From the thread that writes a snapshot to its key group: a segment could not be written.</summary>
sealed record SnapshotNotWritten(Exception Cause);
