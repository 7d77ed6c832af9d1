namespace AkkaJoin.Simulation.Journal;

/// <summary>
/// What the database holds of one key group, as both schemas keep it: the events, of which the old ones are deleted, the snapshots and their chunks.
/// The fence is the trigger of the schemas: an event must be exactly one above the highest that is there.
/// </summary>
sealed class GroupJournal(bool hasFence)
{
    readonly SortedDictionary<long, byte[]> _events = [];
    readonly SortedDictionary<long, byte[]> _snapshots = [];
    readonly SortedDictionary<(long Sequence, int Number), byte[]> _chunks = [];

    /// <summary>The highest number that is there, 0 where there is none.</summary>
    internal long Highest => _events.Count == 0 ? 0 : _events.Keys.Last();

    /// <summary>The newest snapshot.</summary>
    internal (long Sequence, byte[] Bytes)? Snapshot => _snapshots.Count == 0 ? null : (_snapshots.Last().Key, _snapshots.Last().Value);

    /// <summary>Writes an event; false where the fence or the key refuses it.</summary>
    internal bool Insert(long sequence, byte[] bytes)
    {
        var isRefused = hasFence ? _events.Count > 0 && sequence != Highest + 1 : _events.ContainsKey(sequence);
        if (!isRefused)
            _events.Add(sequence, bytes);
        return !isRefused;
    }

    /// <summary>Some events in order, from a number on.</summary>
    internal List<(long Sequence, byte[] Bytes)> Page(long from, long through, int count) =>
        [.. _events.Where(e => e.Key >= from && e.Key <= through).Take(count).Select(e => (e.Key, e.Value))];

    internal void Save(long sequence, byte[] snapshot) => _snapshots[sequence] = snapshot;

    internal void WriteChunk(long sequence, int number, byte[] bytes) => _chunks[(sequence, number)] = bytes;

    internal byte[]? Chunk(long sequence, int number) => _chunks.GetValueOrDefault((sequence, number));

    internal void DeleteChunks(long below)
    {
        foreach (var chunk in _chunks.Keys.Where(c => c.Sequence < below).ToList())
            _chunks.Remove(chunk);
    }

    internal void DeleteEvents(long through) => Delete(_events, through);

    internal void DeleteSnapshots(long through) => Delete(_snapshots, through);

    static void Delete(SortedDictionary<long, byte[]> rows, long through)
    {
        foreach (var sequence in rows.Keys.Where(s => s <= through).ToList())
            rows.Remove(sequence);
    }
}
