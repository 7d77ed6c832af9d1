using System.Buffers.Binary;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Journal;

/// <summary>
/// What the database holds of one key group, as both schemas keep it: the events, of which the old ones are deleted, the snapshots and their segments.
/// The fences are the triggers of the schemas: an event must be exactly one above the highest that is there, and name who wrote that; a snapshot and its segments
/// must be of an event that is there; and only what lies behind a newer snapshot is deleted. The last two are PostgreSQL's, where a journal can be rolled back under
/// nodes that live; SQLite's has one process, which holds its files.
/// </summary>
sealed class KeyGroupJournal(Flaw flaw, bool isShared)
{
    SortedDictionary<long, byte[]> _events = [];
    SortedDictionary<long, byte[]> _snapshots = [];
    SortedDictionary<(long Sequence, int Number), byte[]> _segments = [];

    /// <summary>All that is there, to be put back by <see cref="Restore"/>.</summary>
    internal KeyGroupJournal Copy() => new(flaw, isShared) { _events = new(_events), _snapshots = new(_snapshots), _segments = new(_segments) };

    internal void Restore(KeyGroupJournal copy) => (_events, _snapshots, _segments) = (new(copy._events), new(copy._snapshots), new(copy._segments));

    /// <summary>The highest number that is there, 0 where there is none.</summary>
    internal long Highest => _events.Count == 0 ? 0 : _events.Keys.Last();

    /// <summary>The newest snapshot.</summary>
    internal (long Sequence, byte[] Bytes)? Snapshot => _snapshots.Count == 0 ? null : (_snapshots.Last().Key, _snapshots.Last().Value);

    /// <summary>Writes an event; false where the fence or the key refuses it.</summary>
    internal bool Insert(long sequence, byte[] bytes)
    {
        var isRefused = flaw != Flaw.NoFence ? sequence != Highest + 1 : _events.ContainsKey(sequence);
        isRefused |= flaw is not (Flaw.NoFence or Flaw.NumbersAlone) && _events.Count > 0 && !Follows(bytes, _events[Highest]);
        if (!isRefused)
            _events.Add(sequence, bytes);
        return !isRefused;
    }

    /// <summary>Some events in order, from a number on.</summary>
    internal List<(long Sequence, byte[] Bytes)> Page(long from, long through, int count) =>
        [.. _events.Where(e => e.Key >= from && e.Key <= through).Take(count).Select(e => (e.Key, e.Value))];

    /// <summary>Saves a snapshot; false where it is refused.</summary>
    internal bool Save(long sequence, byte[] snapshot)
    {
        if (snapshot[0] > 2 && !Has(sequence, new Incarnation(BinaryPrimitives.ReadInt64LittleEndian(snapshot.AsSpan(1)))))
            return false;
        if (snapshot[0] > 2 && isShared && flaw != Flaw.OldSnapshots && !HasSegments(sequence, BinaryPrimitives.ReadInt32LittleEndian(snapshot.AsSpan(9))))
            return false;
        _snapshots[sequence] = snapshot;
        return true;
    }

    /// <summary>Writes a segment; false where it is refused.</summary>
    internal bool WriteSegment(long sequence, int number, byte[] bytes, Incarnation writer)
    {
        if (!Has(sequence, writer))
            return false;
        _segments[(sequence, number)] = bytes;
        return true;
    }

    internal byte[]? Segment(long sequence, int number) => _segments.GetValueOrDefault((sequence, number));

    internal void DeleteSegments(long below)
    {
        if (!LiesBehindASnapshot(_segments.Keys.Where(c => c.Sequence < below).Select(c => c.Sequence)))
            return;
        foreach (var segment in _segments.Keys.Where(c => c.Sequence < below).ToList())
            _segments.Remove(segment);
    }

    internal void DeleteEvents(long through) => Delete(_events, through);

    internal void DeleteSnapshots(long through) => Delete(_snapshots, through);

    bool HasSegments(long sequence, int count) => Enumerable.Range(0, count).All(number => _segments.ContainsKey((sequence, number)));

    static bool Follows(byte[] bytes, byte[] newest) => bytes[0] < 2 || newest[0] < 2 || EventCodec.PredecessorOf(bytes) == WriterOf(newest);

    static Incarnation WriterOf(byte[] bytes) => Incarnation.Of(bytes.AsSpan(5, 8));

    bool Has(long sequence, Incarnation writer) =>
        !isShared || flaw == Flaw.OldSnapshots || (_events.TryGetValue(sequence, out var bytes) && (bytes[0] < 2 || WriterOf(bytes) == writer));

    bool LiesBehindASnapshot(IEnumerable<long> sequences) =>
        !isShared || flaw == Flaw.OldDeletions || !sequences.Any() || (_snapshots.Count > 0 && sequences.Max() < _snapshots.Keys.Last());

    void Delete(SortedDictionary<long, byte[]> rows, long through)
    {
        if (!LiesBehindASnapshot(rows.Keys.Where(s => s <= through)))
            return;
        foreach (var sequence in rows.Keys.Where(s => s <= through).ToList())
            rows.Remove(sequence);
    }
}
