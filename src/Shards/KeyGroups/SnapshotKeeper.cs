using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Does what a <see cref="SnapshotCourse"/> says: writes the segments on a thread of its own while the group goes on,
/// and gives the manifest to the snapshot store.
/// </summary>
/// <param name="setup">The node's.</param>
/// <param name="group">The group's number.</param>
/// <param name="id">The group's persistence id.</param>
/// <param name="self">The group's actor.</param>
/// <param name="store">The snapshot store.</param>
/// <param name="log">The actor's.</param>
/// <param name="deleteEvents">Deletes events up to a number, inclusive; only the actor can.</param>
/// <param name="deleteSnapshots">Deletes snapshots up to a number, inclusive; only the actor can.</param>
sealed class SnapshotKeeper(
    KeyGroupSetup setup,
    int group,
    string id,
    IActorRef self,
    IActorRef store,
    ILoggingAdapter log,
    Action<long> deleteEvents,
    Action<long> deleteSnapshots)
    : ISnapshotEffects
{
    long _since;

    // Read by the thread that writes.
    volatile bool _isStopped;

    /// <summary>The newest snapshot that the store has; null = none.</summary>
    internal SnapshotMetadata? Newest { get; private set; }

    /// <summary>The store has, or had at the recovery, a snapshot.</summary>
    internal void Learn(SnapshotMetadata snapshot, bool isNew)
    {
        Newest = snapshot;
        if (!isNew)
            return;
        ShardsTraces.Ended(ShardsTraces.Snapshot, _since, setup.Local.Gauges.Tag, new("key_group", group));
        ShardsMetrics.SnapshotDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Local.Gauges.Tag);
    }

    /// <inheritdoc/>
    public bool TryTakePermit()
    {
        var isThere = setup.SnapshotPermits.Wait(0);
        if (isThere)
            _since = Stopwatch.GetTimestamp();
        return isThere;
    }

    /// <inheritdoc/>
    public void ReturnPermit() => setup.SnapshotPermits.Release();

    /// <inheritdoc/>
    public void Write(SnapshotCapture capture)
    {
        ShardsMetrics.SnapshotCaptureDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Local.Gauges.Tag);
        OnOwnThread(() => self.Tell(WriteSegments(capture)));
    }

    /// <inheritdoc/>
    public void SaveManifest(long sequence, byte[] manifest) =>
        store.Tell(new SaveSnapshot(new SnapshotMetadata(id, sequence, DateTime.UtcNow), new KeyGroupSnapshot(manifest)), self);

    /// <inheritdoc/>
    public void DeleteEvents(long last) => deleteEvents(last);

    /// <inheritdoc/>
    public void DeleteSnapshots(long last) => deleteSnapshots(last);

    /// <inheritdoc/>
    public void DeleteSegments(long below) => OnOwnThread(() =>
    {
        try
        {
            setup.Segments.DeleteBelow(id, below);
        }
        catch (Exception e)
        {
            KeyGroupLog.DeleteFailed(log, id, e);
        }
    });

    /// <summary>The thread that writes gives up at its next segment, and returns the memory.</summary>
    public void StopWriting() => _isStopped = true;

    /// <inheritdoc/>
    public void SnapshotFailed(Exception cause) => KeyGroupLog.SnapshotFailed(log, id, cause);

    // A database's driver blocks its thread, and the pool's few threads run all actors.
    static void OnOwnThread(Action action) =>
        _ = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    object WriteSegments(SnapshotCapture capture)
    {
        try
        {
            using (capture)
            {
                using var writer = new SnapshotWriter(capture, setup.Limits.SnapshotSegmentBytes);
                while (!_isStopped && writer.NextSegment() is { } segment)
                    setup.Segments.Write(id, capture.Sequence, writer.Count - 1, segment, capture.Writer);
                if (_isStopped)
                    return new SnapshotNotWritten(new OperationCanceledException("the key group stops"));
                var manifest = writer.Manifest();
                ShardsMetrics.SnapshotSize.Record(writer.Length + manifest.Length, setup.Local.Gauges.Tag);
                return new SnapshotWritten(capture.Sequence, manifest, writer.Count);
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
}
