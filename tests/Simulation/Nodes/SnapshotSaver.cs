using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// What SnapshotKeeper and the snapshot store do for an incarnation: segment by segment is written while the group goes on. Each request goes by itself; whatever dies
/// in between, the rest does not happen.
/// </summary>
sealed class SnapshotSaver(SimulatedKeyGroup shell, Node node) : ISnapshotEffects
{
    readonly SnapshotPermits _permits = node.SnapshotPermits;
    bool _isStopped;

    SimulatedWorld World => node.World;

    bool ISnapshotEffects.TryTakePermit() => _permits.TryTake();

    void ISnapshotEffects.ReturnPermit() => _permits.Return();

    void ISnapshotEffects.Write(SnapshotCapture capture)
    {
        Note("saves a snapshot of event {0}", capture.Sequence);
        var writer = new SnapshotWriter(capture, World.Scenario.Limits.SnapshotSegmentBytes);
        WriteNext(capture, writer, writer.NextSegment());
    }

    void ISnapshotEffects.SaveManifest(long sequence, byte[] manifest) => World.Journal.Request(node, () => Save(sequence, manifest), saved => shell.Do(s =>
    {
        if (saved)
            s.SnapshotSaved(sequence);
        else
            s.SnapshotNotSaved(new JournalException("refused"));
    }));

    void ISnapshotEffects.DeleteEvents(long through) =>
        Delete(() => World.Journal[shell.Number].DeleteEvents(through), "events through {0} are deleted", through);

    void ISnapshotEffects.DeleteSnapshots(long through) =>
        Delete(() => World.Journal[shell.Number].DeleteSnapshots(through), "snapshots through {0} are deleted", through);

    void ISnapshotEffects.DeleteSegments(long below) =>
        Delete(() => World.Journal[shell.Number].DeleteSegments(below), "segments of snapshots below {0} are deleted", below);

    void ISnapshotEffects.StopWriting() => _isStopped = true;

    void ISnapshotEffects.SnapshotFailed(Exception cause) => Note("a snapshot is not saved");

    void WriteNext(SnapshotCapture capture, SnapshotWriter writer, byte[]? segment)
    {
        if (segment is null)
        {
            End(capture, writer, isWritten: true);
            return;
        }

        var number = writer.Count - 1;
        var next = writer.NextSegment();
        var isTooEarly = next is null && World.Flaw == Flaw.SavesTheManifestBeforeItsLastSegment;
        World.Journal.Request(node, () => Write(capture.Sequence, number, segment, capture.Writer.GetValueOrDefault()), written =>
        {
            if (isTooEarly)
                return;
            if (written && !_isStopped)
                WriteNext(capture, writer, next);
            else
                End(capture, writer, isWritten: false);
        });
        if (isTooEarly)
            End(capture, writer, isWritten: true);
    }

    void End(SnapshotCapture capture, SnapshotWriter writer, bool isWritten)
    {
        object result = isWritten
            ? new SnapshotWritten(capture.Sequence, writer.Manifest(), writer.Count)
            : new SnapshotNotWritten(new JournalException("refused"));
        writer.Dispose();
        capture.Dispose();
        _permits.Return();
        node.After(0, () => shell.Receive(result, shell));
    }

    bool Write(long sequence, int number, byte[] segment, Incarnation writer)
    {
        if (World.Fails(Fault.JournalFailures, 100))
            return false;
        if (!World.Journal[shell.Number].WriteSegment(sequence, number, segment, writer))
            return false;
        Note("segment {1} of snapshot {0} is durable", sequence, number);
        return true;
    }

    bool Save(long sequence, byte[] bytes)
    {
        if (World.Fails(Fault.JournalFailures, 100))
            return false;
        if (!World.Journal[shell.Number].Save(sequence, bytes))
            return false;
        Note("snapshot {0} is durable, {1} bytes", sequence, bytes.Length);
        return true;
    }

    void Delete(Action delete, string text, long through) => World.Journal.Request(
        node,
        () =>
        {
            if (World.Fails(Fault.JournalFailures, 100))
                return false;
            delete();
            Note(text, through);
            return true;
        },
        _ => { });

    void Note(string text, long a = 0, long b = 0) => World.History.Note(node.Number, shell.Number, text, a, b);
}
