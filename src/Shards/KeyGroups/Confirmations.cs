using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Outputs that the broker has not acknowledged, and the answers that wait for them. An event is confirmed when its outputs and those of
/// every event before it are acknowledged.
/// <para>
/// Where outputs are looked for after a crash (<see cref="From"/>): no output of an event above confirmed-through, written by any
/// incarnation, lies below it. An <see cref="OutputPositions"/> is never above the end of the log when it is taken, and what is produced
/// later is appended behind that end; so one that was taken before the first output of the oldest unconfirmed event went out bounds
/// that event, and every later one, since they go out later still. It is taken so in each case. In life: when the event is applied, which
/// is before its outputs are handed out. After a recovery: the one that the last event journaled beside its own confirmed-through, which
/// was, by the same rule, taken before the oldest event went out that was unconfirmed then, or, where none was, before the last event
/// itself was journaled; what is unconfirmed now is that or came later. It stays with the recovered events until they are confirmed, however
/// much this incarnation's producer knows: an earlier one may have written them long ago.
/// </para>
/// </summary>
sealed class Confirmations
{
    // In order of their sequence numbers, both. An answer at or below what is confirmed has gone out.
    readonly LinkedList<UnconfirmedOutputs> _outputs = new();
    readonly Queue<AwaitedAck> _awaited = new();

    // Confirmations of events with outputs, as known and as journaled: after a crash, what lies between is sent again.
    long _known;
    long _journaled;

    // What the event that is under way says of it.
    long _written;

    /// <summary>Bytes of outputs that are not acknowledged.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Outputs that are not acknowledged, oldest first.</summary>
    internal IReadOnlyCollection<UnconfirmedOutputs> Outputs => _outputs;

    /// <summary>Whether the journal does not yet know of every confirmation.</summary>
    internal bool AreAhead => _known > _journaled;

    /// <summary>Whether neither the journal nor the event that is under way says every confirmation.</summary>
    internal bool AreUnwritten => _known > Math.Max(_journaled, _written);

    /// <summary>The last confirmed event, where <paramref name="sequence"/> is the last one applied.</summary>
    internal long Through(long sequence) => _outputs.First is { } first ? first.Value.Sequence - 1 : sequence;

    /// <summary>Nothing unconfirmed lies below it. Null = not known.</summary>
    /// <param name="produced">What is known of what is still to be handed out.</param>
    internal OutputPositions? From(OutputPositions? produced) => _outputs.First is { } first ? first.Value.From : produced;

    /// <summary>The replay is over: what is unconfirmed was written by earlier incarnations, if at all.</summary>
    internal void Recovered(OutputPositions? journaled)
    {
        for (var node = _outputs.First; node is not null; node = node.Next)
            node.Value = node.Value with { From = journaled };
    }

    internal void Add(UnconfirmedOutputs outputs)
    {
        _outputs.AddLast(outputs);
        Bytes += outputs.Bytes.Length;
    }

    /// <summary>The event that goes to the journal says that everything up to an event is confirmed.</summary>
    internal void Written(long through) => _written = through;

    /// <summary>The journal says that everything up to an event is confirmed.</summary>
    internal void Journaled(long through)
    {
        _journaled = Math.Max(_journaled, through);
        while (_outputs.First is { } first && first.Value.Sequence <= through)
            Remove(first);
    }

    /// <summary>Everything up to an event is confirmed, whether the journal says so or not.</summary>
    internal void Known(long through)
    {
        while (_outputs.First is { } first && first.Value.Sequence <= through)
        {
            _known = Math.Max(_known, first.Value.Sequence);
            Remove(first);
        }
    }

    /// <summary>The broker acknowledged the outputs of an event.</summary>
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

    /// <summary>Answers once an event is confirmed. What was sent again while the broker is slow gets one answer.</summary>
    internal void Await(in AwaitedAck ack)
    {
        if (!ack.IsAmong(_awaited))
            _awaited.Enqueue(ack);
    }

    /// <summary>Takes the next answer that is due.</summary>
    internal bool TryTakeAnswer(long confirmed, out AwaitedAck ack)
    {
        var isDue = _awaited.TryPeek(out ack) && ack.Sequence <= confirmed;
        if (isDue)
            _awaited.Dequeue();
        return isDue;
    }

    void Remove(LinkedListNode<UnconfirmedOutputs> node)
    {
        Bytes -= node.Value.Bytes.Length;
        _outputs.Remove(node);
    }
}
