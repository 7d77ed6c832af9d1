using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a <see cref="SnapshotCourse"/> wants done. Nothing here calls back at once.</summary>
interface ISnapshotEffects
{
    /// <summary>Takes one of the node's permits to write a snapshot; false where none is left.</summary>
    bool TryTakePermit();

    /// <summary>Returns the permit, if <see cref="Write"/> was not called or threw.</summary>
    void ReturnPermit();

    /// <summary>
    /// Writes the segments of a capture, and returns the permit. <see cref="SnapshotWritten"/> follows once all are
    /// durable, or <see cref="SnapshotNotWritten"/>. If it throws it has done nothing.
    /// </summary>
    void Write(SnapshotCapture capture);

    /// <summary>
    /// Saves a manifest; <see cref="SnapshotCourse.Saved"/> or <see cref="SnapshotCourse.Failed"/> follows.
    /// </summary>
    void SaveManifest(long sequence, byte[] manifest);

    /// <summary>Deletes the events up to a number, inclusive.</summary>
    void DeleteEvents(long last);

    /// <summary>Deletes the snapshots up to a number, inclusive.</summary>
    void DeleteSnapshots(long last);

    /// <summary>Deletes the segments of the snapshots below a number, exclusive.</summary>
    void DeleteSegments(long below);

    /// <summary>Gives up the snapshot that is being written.</summary>
    void StopWriting();

    /// <summary>Report that the snapshot was not saved.</summary>
    void SnapshotFailed(Exception cause);
}
