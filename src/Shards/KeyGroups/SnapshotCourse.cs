using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The course of a key group's snapshots, as pure code. The state is captured between two messages, and the segments
/// are written while the group goes on. When all segments are durable the manifest is saved. When that is durable, the
/// events, snapshots and segments before it are deleted. One snapshot is under way at a time.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="effects">Does what the course says.</param>
/// <param name="pause">Calls <see cref="PauseIsOver"/> later.</param>
sealed class SnapshotCourse(KeyGroup group, ISnapshotEffects effects, Action pause)
{
    bool _isUnderWay;
    bool _isPaused;
    bool _isStopped;

    // An earlier incarnation may have left segments.
    bool _hasOldSegments = true;

    /// <summary>Starts a snapshot if one is due, none is under way, and the node has a permit left.</summary>
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
            // No memory, or no thread: the group goes on without a snapshot.
            capture?.Dispose();
            effects.ReturnPermit();
            Failed(e);
        }
    }

    /// <summary>The segments are durable: the manifest follows.</summary>
    internal void Written(SnapshotWritten message)
    {
        if (_isStopped)
            return;
        _hasOldSegments |= message.Segments > 0;
        effects.SaveManifest(message.Sequence, message.Manifest);
    }

    /// <summary>The manifest is durable: the snapshot counts, and everything before it is deleted.</summary>
    internal void Saved(long sequence)
    {
        _isUnderWay = false;
        group.SnapshotSaved();
        if (_hasOldSegments)
        {
            _hasOldSegments = false;
            effects.DeleteSegments(RecoveryRules.SegmentsDeletableBelow(sequence));
        }

        if (RecoveryRules.LastDeletable(sequence) is > 0 and var last)
            effects.DeleteEvents(last);
        effects.DeleteSnapshots(sequence - 1);
    }

    /// <summary>The snapshot failed: the one before it stays, with the events behind that.</summary>
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
