using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The rows that the broker has not acknowledged, and the answers that wait for them. An event is confirmed when the
/// broker has acknowledged its rows and those of every event before it.
/// <para>
/// Example. Events 5 and 7 have rows, event 6 has none. The broker acknowledges 7: the last confirmed event is still 4.
/// It acknowledges 5: the last confirmed event is 7, and the answers that waited for 5, 6 and 7 go out.
/// </para>
/// <para>
/// After a crash the rows of unconfirmed events may be in the output topics already. <see cref="From"/> says where to
/// look for them: no unconfirmed row lies below it, whichever incarnation wrote it. It is an
/// <see cref="OutputPositions"/>, the ends of the output topics at one moment. Rows that are produced later are
/// appended behind those ends. So positions that were taken before an event's rows went out bound that event and every
/// later one.
/// <list type="bullet">
/// <item>In life the positions are taken when the event is applied. Its rows go out after that.</item>
/// <item>After a recovery the positions are those that the last event journaled. They were taken before the rows of the
/// oldest event went out that was unconfirmed then. What is unconfirmed now was unconfirmed then, or came later. The
/// recovered events keep these positions until they are confirmed, even though this incarnation knows newer ones: an
/// earlier incarnation may have written the rows long ago.</item>
/// </list>
/// </para>
/// <para>
/// Invariants. Rows and answers stand in the order of their events' numbers. Bytes are counted while there are rows,
/// and only then.
/// </para>
/// </summary>
sealed class Confirmations
{
    readonly LinkedList<UnconfirmedOutputs> _outputs = new();
    readonly Queue<AwaitedAck> _awaited = new();

    // The last event with rows that is confirmed, as this incarnation knows it and as the journal says it. After a
    // crash the rows of the events between them are sent again.
    long _known;
    long _journaled;

    // What the event under way says is confirmed.
    long _written;

    /// <summary>Bytes of the rows that are not acknowledged.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The rows that are not acknowledged, by event, oldest first.</summary>
    internal IReadOnlyCollection<UnconfirmedOutputs> Outputs => _outputs;

    /// <summary>Whether some confirmations are not journaled yet.</summary>
    internal bool AreAhead => _known > _journaled;

    /// <summary>Whether some confirmations are neither journaled nor in the event under way.</summary>
    internal bool AreUnwritten => _known > Math.Max(_journaled, _written);

    /// <summary>The last confirmed event, where <paramref name="sequence"/> is the last one applied.</summary>
    internal long Last(long sequence) => _outputs.First is { } first ? first.Value.Sequence - 1 : sequence;

    /// <summary>No unconfirmed row lies below it in the output topics. Null = not known.</summary>
    /// <param name="produced">Where rows that are still to be handed out can begin.</param>
    internal OutputPositions? From(OutputPositions? produced) => _outputs.First is { } first ? first.Value.From : produced;

    /// <summary>
    /// The replay is over. Rows that are unconfirmed were written by earlier incarnations, if at all.
    /// </summary>
    internal void Recovered(OutputPositions? journaled)
    {
        for (var node = _outputs.First; node is not null; node = node.Next)
            node.Value = node.Value with { From = journaled };
    }

    internal void Add(UnconfirmedOutputs outputs)
    {
        Invariant.Holds(
            _outputs.Last is null || _outputs.Last.Value.Sequence < outputs.Sequence, "rows stand in the order of their events");
        _outputs.AddLast(outputs);
        Bytes += outputs.Bytes.Length;
    }

    /// <summary>The event under way says which event is the last confirmed one.</summary>
    internal void Written(long lastConfirmed) => _written = lastConfirmed;

    /// <summary>An event was applied that says which event is the last confirmed one.</summary>
    internal void Journaled(long lastConfirmed)
    {
        _journaled = Math.Max(_journaled, lastConfirmed);
        while (_outputs.First is { } first && first.Value.Sequence <= lastConfirmed)
            Remove(first);
    }

    /// <summary>Every event up to this one is confirmed, whether the journal says so or not.</summary>
    internal void Known(long lastConfirmed)
    {
        while (_outputs.First is { } first && first.Value.Sequence <= lastConfirmed)
        {
            _known = Math.Max(_known, first.Value.Sequence);
            Remove(first);
        }
    }

    /// <summary>The broker acknowledged the rows of an event.</summary>
    internal void Confirm(string incarnation, long sequence)
    {
        for (var node = _outputs.First; node is not null && node.Value.Sequence <= sequence; node = node.Next)
        {
            if (node.Value.Sequence != sequence || node.Value.Incarnation != incarnation)
                continue;
            Remove(node);
            _known = Math.Max(_known, sequence);
            return;
        }
    }

    /// <summary>
    /// Answers once the answer's event is confirmed. A message that was sent again while the broker is slow gets one
    /// answer.
    /// </summary>
    internal void Await(in AwaitedAck ack)
    {
        CheckOrder(ack.Sequence);
        if (!ack.IsAmong(_awaited))
            _awaited.Enqueue(ack);
    }

    /// <summary>Takes the next answer out whose event is confirmed.</summary>
    internal bool TryDequeueAnswer(long confirmed, out AwaitedAck ack)
    {
        var isDue = _awaited.TryPeek(out ack) && ack.Sequence <= confirmed;
        if (isDue)
            _awaited.Dequeue();
        return isDue;
    }

    [System.Diagnostics.Conditional("CHECKED")]
    void CheckOrder(long sequence) =>
        Invariant.Holds(_awaited.Count == 0 || _awaited.Last().Sequence <= sequence, "answers stand in the order of their events");

    void Remove(LinkedListNode<UnconfirmedOutputs> node)
    {
        Bytes -= node.Value.Bytes.Length;
        _outputs.Remove(node);
        Invariant.Holds(Bytes > 0 == _outputs.Count > 0, "bytes are counted while there are rows, and only then");
    }
}
