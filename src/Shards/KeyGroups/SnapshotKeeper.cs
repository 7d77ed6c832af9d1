using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The snapshots of a key group. One is captured between two messages; its chunks are written on a thread of its own while the group goes on; when all of
/// them are durable, its manifest goes to the snapshot store. What lies before it is deleted only when that has it. One is under way at a time.
/// </summary>
sealed class SnapshotKeeper(KeyGroupSetup setup, KeyGroup group, string id, IActorRef self, IActorRef store, ILoggingAdapter log)
{
    // A disk that is full is not written to at every event.
    static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    long _since;
    long _failedAt;
    bool _isUnderWay;

    // Read by the thread that writes.
    volatile bool _isStopped;

    // An earlier incarnation may have left some.
    bool _hasOldChunks = true;

    /// <summary>The newest snapshot that the store has; null = none.</summary>
    internal SnapshotMetadata? Newest { get; set; }

    /// <summary>Begins a snapshot where one is due, none is under way, and few enough other groups of the node write one.</summary>
    internal void TakeIfDue()
    {
        if (_isUnderWay || _isStopped || !group.SnapshotIsDue || IsPaused || !setup.SnapshotPermits.Wait(0))
            return;
        _isUnderWay = true;
        _since = Stopwatch.GetTimestamp();
        using var span = Profile.Measure(ProfileStage.Journal);
        var capture = group.Capture();
        ShardsMetrics.SnapshotCaptureDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Gauges.Tag);
        OnOwnThread(() => self.Tell(Write(capture)));
    }

    /// <summary>The chunks are durable: the manifest follows.</summary>
    internal void Written(SnapshotWritten message)
    {
        if (_isStopped)
            return;
        _hasOldChunks |= message.Chunks > 0;
        ShardsMetrics.SnapshotSize.Record(message.ChunkBytes + message.Manifest.Length, setup.Gauges.Tag);
        store.Tell(new SaveSnapshot(new SnapshotMetadata(id, message.Sequence, DateTime.UtcNow), new GroupSnapshot(message.Manifest)), self);
    }

    /// <summary>The store has the manifest: the snapshot counts, and the chunks of earlier ones go.</summary>
    internal void Saved(SnapshotMetadata snapshot)
    {
        _isUnderWay = false;
        Newest = snapshot;
        group.SnapshotSaved();
        ShardsMetrics.SnapshotDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Gauges.Tag);
        if (!_hasOldChunks)
            return;
        _hasOldChunks = false;
        OnOwnThread(() => DeleteBelow(RecoveryRules.ChunksDeletableBelow(snapshot.SequenceNr)));
    }

    /// <summary>The snapshot failed: the one before it stays, and so does the journal behind that.</summary>
    internal void Failed(Exception cause)
    {
        _isUnderWay = false;
        _failedAt = Stopwatch.GetTimestamp();
        if (!_isStopped)
            ShardsLog.SnapshotFailed(log, id, cause);
    }

    /// <summary>Writes no more: the group stops. The thread that writes gives up at its next chunk, and the memory back.</summary>
    internal void Stop() => _isStopped = true;

    bool IsPaused => _failedAt != 0 && Stopwatch.GetElapsedTime(_failedAt) < PauseAfterFailure;

    // Databases' drivers block, and the pool's few threads run all actors.
    static void OnOwnThread(Action action) =>
        _ = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    object Write(SnapshotCapture capture)
    {
        try
        {
            using (capture)
            {
                using var writer = new SnapshotWriter(capture, setup.Limits.SnapshotChunkBytes);
                while (!_isStopped && writer.NextChunk() is { } chunk)
                    setup.Chunks.Write(id, capture.Sequence, writer.Count - 1, chunk);
                return _isStopped
                    ? new SnapshotNotWritten(new OperationCanceledException("the key group stops"))
                    : new SnapshotWritten(capture.Sequence, writer.Manifest(), writer.Count, writer.Length);
            }
        }
        catch (Exception e)
        {
            return new SnapshotNotWritten(e);
        }
        finally
        {
            setup.SnapshotPermits.Release();
        }
    }

    void DeleteBelow(long sequence)
    {
        try
        {
            setup.Chunks.DeleteBelow(id, sequence);
        }
        catch (Exception e)
        {
            ShardsLog.DeleteFailed(log, id, e);
        }
    }
}
