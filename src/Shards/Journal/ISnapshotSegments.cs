namespace AkkaJoin.Shards.Journal;

/// <summary>
/// Stores the segments of snapshots, beside the snapshot store that has the manifests. A segment without a manifest
/// means nothing. Thread safe. The calls block.
/// </summary>
interface ISnapshotSegments
{
    /// <summary>Writes a segment durably. Overwrites one with the same number.</summary>
    /// <param name="id">The persistence id of the key group.</param>
    /// <param name="sequence">The event that the snapshot is of.</param>
    /// <param name="number">The segment's number, from 0 on.</param>
    /// <param name="bytes">The segment.</param>
    /// <param name="writer">
    /// Who wrote the event. A shared database refuses the segment unless it has this very event. Null = no check.
    /// </param>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void Write(string id, long sequence, int number, byte[] bytes, Incarnation? writer = null);

    /// <summary>A segment, or null where it is not there.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    byte[]? Read(string id, long sequence, int number);

    /// <summary>Deletes the segments of all snapshots of earlier events.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void DeleteBelow(string id, long sequence);
}
