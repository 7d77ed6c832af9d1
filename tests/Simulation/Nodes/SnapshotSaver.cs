using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// Saves an incarnation's snapshots: captured at one event, written chunk by chunk while the group goes on, and the manifest last. Once that is durable,
/// the journal before it is deleted, the older snapshots and the older chunks, each by a request of its own; whatever dies in between, the rest does not
/// happen.
/// </summary>
sealed class SnapshotSaver(Node node, KeyGroup group, Func<bool> isStopped)
{
    bool _saving;

    SimulatedWorld World => node.World;

    internal void SaveIfDue()
    {
        if (_saving || !group.SnapshotIsDue)
            return;
        _saving = true;
        var sequence = group.Sequence;
        var capture = group.Capture();
        var writer = new SnapshotWriter(capture, World.Scenario.Limits.SnapshotChunkBytes);
        World.History.Note(node.Number, group.Number, "saves a snapshot of event {0}", sequence);
        if (World.Flaw == Flaw.DeletesTheJournalBeforeTheSnapshot)
            DeleteBefore(sequence);
        WriteNext(capture, writer, writer.NextChunk());
    }

    void WriteNext(SnapshotCapture capture, SnapshotWriter writer, byte[]? chunk)
    {
        if (chunk is null)
        {
            SaveManifest(capture, writer.Manifest());
            return;
        }

        var number = writer.Count - 1;
        var next = writer.NextChunk();
        var isTooEarly = next is null && World.Flaw == Flaw.SavesTheManifestBeforeItsLastChunk;
        World.Journal.Request(node, () => Write(capture.Sequence, number, chunk), written =>
        {
            if (isTooEarly)
                return;
            if (written && !isStopped())
                WriteNext(capture, writer, next);
            else
                End(capture);
        });
        if (isTooEarly)
            SaveManifest(capture, writer.Manifest());
    }

    void SaveManifest(SnapshotCapture capture, byte[] manifest) => World.Journal.Request(node, () => Save(capture.Sequence, manifest), saved =>
    {
        End(capture);
        if (!saved || isStopped())
            return;
        group.SnapshotSaved();
        DeleteBefore(capture.Sequence);
    });

    void End(SnapshotCapture capture)
    {
        capture.Dispose();
        _saving = false;
    }

    bool Write(long sequence, int number, byte[] chunk)
    {
        if (World.Fails(Fault.JournalFailures, 100))
            return false;
        World.Journal[group.Number].WriteChunk(sequence, number, chunk);
        World.History.Note(node.Number, group.Number, "chunk {1} of snapshot {0} is durable", sequence, number);
        return true;
    }

    bool Save(long sequence, byte[] bytes)
    {
        if (World.Fails(Fault.JournalFailures, 100))
            return false;
        World.Journal[group.Number].Save(sequence, bytes);
        World.History.Note(node.Number, group.Number, "snapshot {0} is durable, {1} bytes", sequence, bytes.Length);
        return true;
    }

    void DeleteBefore(long sequence)
    {
        var through = RecoveryRules.DeletableThrough(sequence);
        var below = RecoveryRules.ChunksDeletableBelow(sequence);
        Delete(() => World.Journal[group.Number].DeleteEvents(through), "events through {0} are deleted", through);
        Delete(() => World.Journal[group.Number].DeleteSnapshots(sequence - 1), "snapshots through {0} are deleted", sequence - 1);
        Delete(() => World.Journal[group.Number].DeleteChunks(below), "chunks of snapshots below {0} are deleted", below);
    }

    void Delete(Action delete, string text, long through) => World.Journal.Request(
        node,
        () =>
        {
            if (World.Fails(Fault.JournalFailures, 100))
                return false;
            delete();
            World.History.Note(node.Number, group.Number, text, through);
            return true;
        },
        _ => { });
}
