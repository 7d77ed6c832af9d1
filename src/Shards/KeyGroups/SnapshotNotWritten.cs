namespace AkkaJoin.Shards.KeyGroups;

/// <summary>From the thread that writes a snapshot to its key group: a chunk could not be written.</summary>
sealed record SnapshotNotWritten(Exception Cause);
