using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.Nodes;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Journal;

/// <summary>
/// The database that all nodes share. A request takes its time, and so does the answer; a node that dies in between may or may not have
/// sent the request, and never hears the answer. Writes may fail, or only seem to.
/// </summary>
sealed class JournalModel(SimulatedWorld world)
{
    readonly KeyGroupJournal[] _groups =
        [.. Enumerable.Range(0, world.Scenario.Definition.KeyGroups).Select(_ => new KeyGroupJournal(world.Flaw, world.Scenario.Faults.Contains(Fault.Rollback)))];

    // One copy is enough: a later one may hold what an earlier one does not.
    bool _isCopied;

    internal KeyGroupJournal this[int group] => _groups[group];

    /// <summary>Copies all groups' journals and the catalogue at one moment, and restores them after a while.</summary>
    internal void RollBackAfter(long ms)
    {
        if (_isCopied)
            return;
        _isCopied = true;
        var copies = Array.ConvertAll(_groups, group => group.Copy());
        var catalog = world.Catalog.Copy();
        var events = Array.ConvertAll(world.Groups, group => group.Events.Count);
        world.Schedule.After(ms, () =>
        {
            _isCopied = false;
            if (!world.Faulty)
                return;
            world.FellBack();
            world.History.Note(-1, -1, "the journal is rolled back by {0} ms, {1} events", ms, world.Groups.Sum(g => g.Events.Count) - events.Sum());
            world.Catalog.Restore(catalog);
            for (var group = 0; group < _groups.Length; group++)
            {
                _groups[group].Restore(copies[group]);
                world.Groups[group].FallBack(events[group]);
            }
        });
    }

    /// <summary>Writes an event. The answer says whether it is durable; after a lost connection it may be although the answer is no.</summary>
    internal void Insert(Node node, int group, long sequence, byte[] bytes, Action<bool> answer) => Request(node, () =>
    {
        var fails = world.Fails(Fault.JournalFailures, 40);
        var isThere = !fails || world.Random.Next(2) == 0;
        var isDurable = isThere && _groups[group].Insert(sequence, bytes);
        world.History.Note(node.Number, group, isDurable ? "event {0} is durable, {1} bytes" : "event {0} is refused", sequence, bytes.Length);
        if (isDurable)
            world.Groups[group].Durable(sequence, bytes);
        return isDurable && !fails;
    }, answer);

    /// <summary>Reads something for a recovery.</summary>
    internal void Read<T>(Node node, Func<T> ask, Action<T> answer) =>
        node.After(ReadDelay(), () => Request(node, ask, answer));

    /// <summary>Reads a segment of a snapshot. In some worlds that takes so long that others take the next snapshot meanwhile.</summary>
    internal void ReadSegment(Node node, int group, long sequence, int number, Action<byte[]?> answer) => node.After(
        world.Faulty && world.Scenario.Seed % 3 == 0 && world.Random.Next(2) == 0 ? world.Random.Next(100, 2_500) : ReadDelay(),
        () => Request(node, () => _groups[group].Segment(sequence, number), answer));

    /// <summary>Asks the database something.</summary>
    internal void Request<T>(Node node, Func<T> ask, Action<T> answer)
    {
        var incarnation = node.Incarnation;
        world.Schedule.After(Delay(), () =>
        {
            if (!node.IsAlive(incarnation) && world.Random.Next(2) == 0)
                return;
            var result = ask();
            node.AfterAs(incarnation, Delay(), () => answer(result));
        });
    }

    // Now and then so long that others write, take snapshots and delete meanwhile.
    long Delay() => world.Fails(Fault.SlowJournal, 60) ? world.Random.Next(50, 700) : world.Random.Next(0, 6);

    long ReadDelay() => world.Fails(Fault.SlowJournal, 400) ? world.Random.Next(20, 500) : Delay();
}
