namespace AkkaJoin.Shards.Journal;

/// <summary>
/// One event of a key group's journal, in the form of <see cref="EventCodec"/>. The state keeps these same bytes.
/// </summary>
sealed record JournalEvent(byte[] Bytes);

/// <summary>A snapshot of a key group, in the form of <c>SnapshotCodec</c>.</summary>
sealed record KeyGroupSnapshot(byte[] Bytes);
