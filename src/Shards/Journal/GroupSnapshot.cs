namespace AkkaJoin.Shards.Journal;

/// <summary>A snapshot of a key group, in the form of <see cref="SnapshotCodec"/>.</summary>
sealed record GroupSnapshot(byte[] Bytes);
