namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The chunks of snapshots, beside the snapshot store that has their manifests. Without a manifest chunks are nothing. May be called from any thread, and
/// blocks.
/// </summary>
interface ISnapshotChunks
{
    /// <summary>Writes a chunk durably, over one that is there.</summary>
    /// <param name="id">The persistence id of the key group.</param>
    /// <param name="sequence">The event that the snapshot is of.</param>
    /// <param name="number">The chunk's number, from 0 on.</param>
    /// <param name="bytes">The chunk.</param>
    /// <param name="writer">Who wrote the event: where the database is shared, the chunk is refused unless that very event is in it. Null = not asked.</param>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void Write(string id, long sequence, int number, byte[] bytes, Incarnation? writer = null);

    /// <summary>A chunk, or null where it is not there.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    byte[]? Read(string id, long sequence, int number);

    /// <summary>Deletes the chunks of all snapshots of earlier events.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void DeleteBelow(string id, long sequence);
}
