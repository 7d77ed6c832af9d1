namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Outputs that the broker has not acknowledged, and the answers that wait for them. An event is confirmed when its outputs and those of
/// every event before it are acknowledged.
/// </summary>
sealed class Confirmations
{
    // In order of their sequence numbers, both. An answer at or below what is confirmed has gone out.
    readonly LinkedList<UnconfirmedOutputs> _outputs = new();
    readonly Queue<AwaitedAck> _awaited = new();

    // Confirmations of events with outputs, as known and as journaled: after a crash, what lies between is sent again.
    long _known;
    long _journaled;

    /// <summary>Bytes of outputs that are not acknowledged.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Outputs that are not acknowledged, oldest first.</summary>
    internal IReadOnlyCollection<UnconfirmedOutputs> Outputs => _outputs;

    /// <summary>Whether the journal does not yet know of every confirmation.</summary>
    internal bool AreAhead => _known > _journaled;

    /// <summary>The last confirmed event, where <paramref name="sequence"/> is the last one applied.</summary>
    internal long Through(long sequence) => _outputs.First is { } first ? first.Value.Sequence - 1 : sequence;

    internal void Add(UnconfirmedOutputs outputs)
    {
        _outputs.AddLast(outputs);
        Bytes += outputs.Bytes.Length;
    }

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
    internal void Confirm(long sequence)
    {
        for (var node = _outputs.First; node is not null && node.Value.Sequence <= sequence; node = node.Next)
        {
            if (node.Value.Sequence != sequence)
                continue;
            Remove(node);
            _known = Math.Max(_known, sequence);
            return;
        }
    }

    /// <summary>Answers once an event is confirmed. What was sent again while the broker is slow gets one answer.</summary>
    internal void Await(in AwaitedAck ack)
    {
        if (ack.Message is not null || !ack.IsAmong(_awaited))
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
