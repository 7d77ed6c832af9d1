using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// Which incarnation wrote which of a key group's events: each with the number of its first one. A function of the events alone. Of very many only
/// the newest are kept; an event of an older one counts as not known, which costs a question and is never wrong.
/// </summary>
sealed class IncarnationHistory
{
    /// <summary>The most incarnations that are kept.</summary>
    internal const int Max = 1_000;

    // In the order of their events.
    readonly List<(Incarnation Incarnation, long First)> _entries = [];

    /// <summary>Who wrote the newest event; null where there is none.</summary>
    internal Incarnation? Last => _entries.Count == 0 ? null : _entries[^1].Incarnation;

    /// <summary>An event was applied.</summary>
    internal void Wrote(Incarnation incarnation, long number)
    {
        if (Last == incarnation)
            return;
        if (_entries.Count == Max)
            _entries.RemoveAt(0);
        _entries.Add((incarnation, number));
    }

    /// <summary>Whether an event is among those through <paramref name="newest"/>.</summary>
    internal bool Holds(EventId id, long newest)
    {
        // Nearly always it is of the newest incarnation. One that is named twice is an old journal's id.
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Incarnation == id.Incarnation && _entries[i].First <= id.Number && id.Number <= newest)
                return true;
            newest = Math.Min(newest, _entries[i].First - 1);
        }

        return false;
    }

    /// <summary>Who wrote an event; null where that is not known.</summary>
    internal EventId? Find(long number)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].First <= number)
                return new EventId(_entries[i].Incarnation, number);
        }

        return null;
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(_entries.Count);
        foreach (var (incarnation, first) in _entries)
        {
            writer.Long(incarnation.Bits);
            writer.Number(first);
        }
    }

    internal static IncarnationHistory Read(ref ByteReader reader)
    {
        var history = new IncarnationHistory();
        for (var count = reader.Count(); count > 0; count--)
            history._entries.Add((new Incarnation(reader.Long()), reader.Number()));
        return history;
    }

    /// <summary>Of a snapshot that names only who wrote its last event.</summary>
    internal static IncarnationHistory Of(Incarnation incarnation, long number)
    {
        var history = new IncarnationHistory();
        history._entries.Add((incarnation, number));
        return history;
    }
}
