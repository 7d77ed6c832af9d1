using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a <see cref="SnapshotCourse"/> wants done. Nothing here calls back at once.</summary>
interface ISnapshotEffects
{
    /// <summary>Takes one of the node's permits to write a snapshot; false where none is left.</summary>
    bool TryTakePermit();

    /// <summary>Gives the permit back, where <see cref="Write"/> was not reached or threw.</summary>
    void ReturnPermit();

    /// <summary>
    /// Writes the chunks of what was captured, and gives the permit back. <see cref="SnapshotWritten"/> follows once all are durable, or
    /// <see cref="SnapshotNotWritten"/>. Where it throws it has done nothing.
    /// </summary>
    void Write(SnapshotCapture capture);

    /// <summary>Saves a manifest; <see cref="SnapshotCourse.Saved"/> or <see cref="SnapshotCourse.Failed"/> follows.</summary>
    void SaveManifest(long sequence, byte[] manifest);

    /// <summary>Deletes events up to and with a number.</summary>
    void DeleteEvents(long through);

    /// <summary>Deletes snapshots up to and with a number.</summary>
    void DeleteSnapshots(long through);

    /// <summary>Deletes the chunks of snapshots below a number.</summary>
    void DeleteChunks(long below);

    /// <summary>Gives up what is being written.</summary>
    void StopWriting();

    /// <summary>To be told: the snapshot was not saved.</summary>
    void SnapshotFailed(Exception cause);
}
