using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The events of a key group that a router's knowledge of it rests on: while all of them are in the group's journal, all that the group ever acknowledged is. Nearly
/// always it is one, the newest that was heard of.
/// <para>
/// Invariant: each acknowledgement rests on one of these events, or on one that lies before it in a history which holds it. An acknowledgement by another
/// incarnation does not show that the one before is not lost; so both stay until the group has found both in its history, which it says by naming the stamp of the tick that
/// named them.
/// </para>
/// </summary>
sealed class AcknowledgedEvents
{
    // Each with the stamp at which it came, or its number rose.
    readonly List<(EventId Id, long Since)> _events = [];
    EventId[] _all = [];

    /// <summary>The events; the array does not change.</summary>
    internal EventId[] All => _all;

    /// <summary>Whether something is known of the group that would be refused by what it says now: an event of the same incarnation with a higher number.</summary>
    internal bool IsOld(EventId id) => _events.Exists(e => e.Id.Incarnation == id.Incarnation && e.Id.Number > id.Number);

    /// <summary>The group acknowledged something.</summary>
    /// <param name="id">The event that it rests on.</param>
    /// <param name="verified">The stamp of the tick that the group answers: what was named then is in the event's history. 0 = it answers none.</param>
    /// <param name="stamp">A number that rises with each call, of whatever group.</param>
    internal void Add(EventId id, long verified, long stamp)
    {
        var removed = verified > 0 ? _events.RemoveAll(e => e.Since <= verified && e.Id != id) : 0;
        var at = _events.FindIndex(e => e.Id.Incarnation == id.Incarnation);
        if (at >= 0 && _events[at].Id.Number >= id.Number)
        {
            if (removed > 0)
                _all = [.. _events.Select(e => e.Id)];
            return;
        }

        if (at >= 0)
            _events[at] = (id, stamp);
        else
            _events.Add((id, stamp));
        _all = [.. _events.Select(e => e.Id)];
    }

    /// <summary>An event is lost, and with it all later ones of its incarnation. False where nothing rests on it: the word is old.</summary>
    internal bool Lose(EventId lost)
    {
        var isLost = _events.RemoveAll(e => e.Id.Incarnation == lost.Incarnation && e.Id.Number >= lost.Number) > 0;
        if (isLost)
            _all = [.. _events.Select(e => e.Id)];
        return isLost;
    }
}
