using Akka.Persistence;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Gives a key group's shell what Akka.Persistence reads in a recovery, and reads the segments of the snapshot.
/// </summary>
sealed class ActorRecovery(KeyGroupShell shell, SnapshotKeeper snapshots, ISnapshotSegments segments, string id)
{
    /// <summary>Handles a message of the recovery.</summary>
    /// <param name="message">The message.</param>
    /// <param name="lastSequence">The highest sequence number that Akka.Persistence has read.</param>
    /// <returns>
    /// Why the snapshot cannot be restored; null = all is well. The actor then fails its recovery itself. What an event
    /// throws is thrown on: Akka fails the recovery by it.
    /// </returns>
    internal Exception? Receive(object message, long lastSequence)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: KeyGroupSnapshot snapshot } offer:
                return Restore(offer, snapshot);
            case JournalEvent e:
                shell.Replay(lastSequence, e.Bytes);
                break;
            case RecoveryCompleted:
                shell.EndRecovery(lastSequence);
                break;
        }

        return null;
    }

    Exception? Restore(SnapshotOffer offer, KeyGroupSnapshot snapshot)
    {
        var sequence = offer.Metadata.SequenceNr;
        try
        {
            shell.Snapshot(sequence, snapshot.Bytes, number => ReadSegment(sequence, number));
            snapshots.Learn(offer.Metadata, isNew: false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // The thread pool adds a thread while one waits for a task, but not while a database's driver blocks one. So the
    // driver gets a thread of its own, and the actor's thread waits for the task.
    byte[]? ReadSegment(long sequence, int number) => Task.Factory.StartNew(
        () => segments.Read(id, sequence, number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        .GetAwaiter().GetResult();
}
