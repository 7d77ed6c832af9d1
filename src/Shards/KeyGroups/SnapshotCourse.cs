using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The course of a key group's snapshots, as pure code. One is captured between two messages; its chunks are written while the group goes on; when all of them
/// are durable, its manifest is saved. What lies before it is deleted only when that is durable. One is under way at a time.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="effects">Does what is said.</param>
/// <param name="pause">Calls <see cref="PauseIsOver"/> later.</param>
sealed class SnapshotCourse(KeyGroup group, ISnapshotEffects effects, Action pause)
{
    bool _isUnderWay;
    bool _isPaused;
    bool _isStopped;

    // An earlier incarnation may have left some.
    bool _hasOldChunks = true;

    /// <summary>Begins a snapshot where one is due, none is under way, and few enough other groups of the node write one.</summary>
    internal void TakeIfDue()
    {
        if (_isUnderWay || _isStopped || _isPaused || !group.SnapshotIsDue || !effects.TryTakePermit())
            return;
        SnapshotCapture? capture = null;
        try
        {
            capture = group.Capture();
            effects.Write(capture);
            _isUnderWay = true;
        }
        catch (Exception e)
        {
            // No memory, or no thread: the group goes on without.
            capture?.Dispose();
            effects.ReturnPermit();
            Failed(e);
        }
    }

    /// <summary>The chunks are durable: the manifest follows.</summary>
    internal void Written(SnapshotWritten message)
    {
        if (_isStopped)
            return;
        _hasOldChunks |= message.Chunks > 0;
        effects.SaveManifest(message.Sequence, message.Manifest);
    }

    /// <summary>The manifest is durable: the snapshot counts, and what lies before it goes.</summary>
    internal void Saved(long sequence)
    {
        _isUnderWay = false;
        group.SnapshotSaved();
        if (_hasOldChunks)
        {
            _hasOldChunks = false;
            effects.DeleteChunks(RecoveryRules.ChunksDeletableBelow(sequence));
        }

        if (RecoveryRules.DeletableThrough(sequence) is > 0 and var through)
            effects.DeleteEvents(through);
        effects.DeleteSnapshots(sequence - 1);
    }

    /// <summary>The snapshot failed: the one before it stays, and so does the journal behind that.</summary>
    internal void Failed(Exception cause)
    {
        _isUnderWay = false;
        if (_isStopped)
            return;
        _isPaused = true;
        pause();
        effects.SnapshotFailed(cause);
    }

    internal void PauseIsOver() => _isPaused = false;

    /// <summary>Writes no more: the group stops.</summary>
    internal void Stop()
    {
        _isStopped = true;
        effects.StopWriting();
    }
}
