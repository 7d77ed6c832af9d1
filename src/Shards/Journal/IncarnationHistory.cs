using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// Says which incarnation wrote which of a key group's events. Each incarnation stands here with the number of its
/// first event. The history is a function of the events alone.
/// <para>
/// It keeps the newest <see cref="Max"/> incarnations. An event of an older one counts as unknown. That is never wrong:
/// it only costs a question to the journal.
/// </para>
/// </summary>
sealed class IncarnationHistory
{
    /// <summary>The most incarnations that are kept.</summary>
    internal const int Max = 1_000;

    // In the order of their events.
    readonly List<(Incarnation Incarnation, long First)> _entries = [];

    /// <summary>Who wrote the newest event; null where there is none.</summary>
    internal Incarnation? Last => _entries.Count == 0 ? null : _entries[^1].Incarnation;

    /// <summary>Adds an event that was applied.</summary>
    internal void Wrote(Incarnation incarnation, long number)
    {
        if (Last == incarnation)
            return;
        if (_entries.Count == Max)
            _entries.RemoveAt(0);
        _entries.Add((incarnation, number));
    }

    /// <summary>Whether this event is among those up to and including <paramref name="newest"/>.</summary>
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

    /// <summary>The event with this number; null where its writer is unknown.</summary>
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

    /// <summary>The history of a snapshot that names only the writer of its last event.</summary>
    internal static IncarnationHistory Of(Incarnation incarnation, long number)
    {
        var history = new IncarnationHistory();
        history._entries.Add((incarnation, number));
        return history;
    }
}
