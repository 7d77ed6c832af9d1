using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The events of a key group's journal that its acknowledgements are based on. While all of them are in the journal,
/// everything that the group ever acknowledged is. Nearly always it is one event, the newest that was heard of.
/// <para>
/// An acknowledgement by another incarnation does not show that the one before is not lost. So both of their events
/// stay here, and each tick names both. The group answers with the tick's stamp once it has found both in its history:
/// then the older event goes.
/// </para>
/// <para>
/// Example. Incarnation a acknowledges by its event 7: [a7]. It dies, and b acknowledges by event 9: [a7, b9]. A tick
/// with stamp 30 names both. If b's history holds a7, b answers that with stamp 30, and [b9] is left. If the journal
/// was rolled back to a5 before b started, b says that a7 is lost: again [b9] is left, and what a acknowledged counts
/// no more.
/// </para>
/// <para>
/// Invariants. No two events are of one incarnation: a later one has the earlier ones before it. There are at most
/// <see cref="EventsMax"/>: an honest group is asked several times a second, so few incarnations of it acknowledge
/// between two answers, while a member that lies could name new ones without end.
/// </para>
/// </summary>
sealed class AcknowledgedEvents
{
    /// <summary>The most incarnations whose events are kept.</summary>
    internal const int EventsMax = 8;

    // Each with the stamp at which it came, or its number rose.
    readonly List<(EventId Id, long Since)> _events = [];
    EventId[] _all = [];

    /// <summary>The events; the array does not change.</summary>
    internal EventId[] All => _all;

    /// <summary>
    /// Whether something is known of the group that would be refused by what it says now: an event of the same
    /// incarnation with a higher number.
    /// </summary>
    internal bool IsOld(EventId id) => _events.Exists(e => e.Id.Incarnation == id.Incarnation && e.Id.Number > id.Number);

    /// <summary>The group acknowledged something.</summary>
    /// <param name="id">The event that the acknowledgement is based on.</param>
    /// <param name="verified">
    /// The stamp of the tick that the group answers: what was named then is in the event's history. 0 = it answers
    /// none.
    /// </param>
    /// <param name="stamp">A number that rises with each call, of whatever group.</param>
    /// <returns>
    /// False where <see cref="EventsMax"/> other incarnations are here: then the acknowledgement must not count. It
    /// comes again, as do ticks, until the group has said of each of the others that it is in its history, or lost.
    /// </returns>
    internal bool TryAdd(EventId id, long verified, long stamp)
    {
        var changed = verified > 0 && _events.RemoveAll(e => e.Since <= verified && e.Id != id) > 0;
        var at = _events.FindIndex(e => e.Id.Incarnation == id.Incarnation);
        var isFull = at < 0 && _events.Count >= EventsMax;
        if (at < 0 && !isFull)
            _events.Add((id, stamp));
        else if (at >= 0 && _events[at].Id.Number < id.Number)
            _events[at] = (id, stamp);
        else if (!changed)
            return !isFull;
        Publish();
        return !isFull;
    }

    /// <summary>
    /// An event is lost, and with it all later ones of its incarnation. False where nothing is based on it: the word is
    /// old.
    /// </summary>
    internal bool Lose(EventId lost)
    {
        var isLost = _events.RemoveAll(e => e.Id.Incarnation == lost.Incarnation && e.Id.Number >= lost.Number) > 0;
        if (isLost)
            Publish();
        return isLost;
    }

    void Publish()
    {
        _all = [.. _events.Select(e => e.Id)];
        Invariant.Holds(_all.DistinctBy(id => id.Incarnation).Count() == _all.Length, "no two events are of one incarnation");
        Invariant.Holds(_all.Length <= EventsMax, "there are at most so many events");
    }
}
