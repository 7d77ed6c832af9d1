using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Does what a <see cref="SnapshotCourse"/> says: writes the chunks on a thread of its own while the group goes on, and gives the manifest to the snapshot store.
/// </summary>
/// <param name="setup">The node's.</param>
/// <param name="id">The group's persistence id.</param>
/// <param name="self">The group's actor.</param>
/// <param name="store">The snapshot store.</param>
/// <param name="log">The actor's.</param>
/// <param name="deleteEvents">Deletes events up to a number, as the actor alone can.</param>
/// <param name="deleteSnapshots">Deletes snapshots up to a number, as the actor alone can.</param>
sealed class SnapshotKeeper(
    KeyGroupSetup setup, string id, IActorRef self, IActorRef store, ILoggingAdapter log, Action<long> deleteEvents, Action<long> deleteSnapshots)
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
        if (isNew)
            ShardsMetrics.SnapshotDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Gauges.Tag);
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
        ShardsMetrics.SnapshotCaptureDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, setup.Gauges.Tag);
        OnOwnThread(() => self.Tell(WriteChunks(capture)));
    }

    /// <inheritdoc/>
    public void SaveManifest(long sequence, byte[] manifest) =>
        store.Tell(new SaveSnapshot(new SnapshotMetadata(id, sequence, DateTime.UtcNow), new GroupSnapshot(manifest)), self);

    /// <inheritdoc/>
    public void DeleteEvents(long through) => deleteEvents(through);

    /// <inheritdoc/>
    public void DeleteSnapshots(long through) => deleteSnapshots(through);

    /// <inheritdoc/>
    public void DeleteChunks(long below) => OnOwnThread(() =>
    {
        try
        {
            setup.Chunks.DeleteBelow(id, below);
        }
        catch (Exception e)
        {
            ShardsLog.DeleteFailed(log, id, e);
        }
    });

    /// <summary>Writes no more: the thread that writes gives up at its next chunk, and the memory back.</summary>
    public void StopWriting() => _isStopped = true;

    /// <inheritdoc/>
    public void SnapshotFailed(Exception cause) => ShardsLog.SnapshotFailed(log, id, cause);

    // Databases' drivers block, and the pool's few threads run all actors.
    static void OnOwnThread(Action action) =>
        _ = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    object WriteChunks(SnapshotCapture capture)
    {
        try
        {
            using (capture)
            {
                using var writer = new SnapshotWriter(capture, setup.Limits.SnapshotChunkBytes);
                while (!_isStopped && writer.NextChunk() is { } chunk)
                    setup.Chunks.Write(id, capture.Sequence, writer.Count - 1, chunk, capture.Writer);
                if (_isStopped)
                    return new SnapshotNotWritten(new OperationCanceledException("the key group stops"));
                var manifest = writer.Manifest();
                ShardsMetrics.SnapshotSize.Record(writer.Length + manifest.Length, setup.Gauges.Tag);
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
