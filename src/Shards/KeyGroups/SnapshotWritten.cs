namespace AkkaJoin.Shards.KeyGroups;

/// <summary>From the thread that writes a snapshot to its key group: all chunks are durable, and the manifest may be saved.</summary>
/// <param name="Sequence">The event that the snapshot is of.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Chunks">How many chunks there are.</param>
sealed record SnapshotWritten(long Sequence, byte[] Manifest, int Chunks);
