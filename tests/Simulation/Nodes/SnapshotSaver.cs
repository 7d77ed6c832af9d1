using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// Saves an incarnation's snapshots. Once one is durable, the journal before it is deleted, and the older snapshots, each by a request of its
/// own; whatever dies in between, the rest does not happen.
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
        var bytes = group.TakeSnapshot();
        World.History.Note(node.Number, group.Number, "saves a snapshot of event {0}", sequence);
        if (World.Flaw == Flaw.DeletesTheJournalBeforeTheSnapshot)
            DeleteBefore(sequence);
        World.Journal.Request(node, () => Save(sequence, bytes), saved =>
        {
            if (isStopped())
                return;
            _saving = false;
            if (saved)
                DeleteBefore(sequence);
        });
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
        Delete(() => World.Journal[group.Number].DeleteEvents(through), "events through {0} are deleted", through);
        Delete(() => World.Journal[group.Number].DeleteSnapshots(sequence - 1), "snapshots through {0} are deleted", sequence - 1);
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
