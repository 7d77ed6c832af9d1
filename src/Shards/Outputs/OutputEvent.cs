using Akka.Actor;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// The outputs of one journal event on their way to Kafka. The sink answers <see cref="OutputConfirmed"/> to
/// <paramref name="ReplyTo"/> once the broker acknowledged every one of them. Local to a node: a key group emits where
/// it lives.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Incarnation">
/// The random bits of the key group's incarnation that wrote the event, as text: the first part of its outputs' ids.
/// </param>
/// <param name="Sequence">The event's sequence number in the key group's journal.</param>
/// <param name="Bytes">The outputs in the form of <see cref="OutputEncoding"/>.</param>
/// <param name="ReplyTo">Whom to tell.</param>
sealed record OutputEvent(int Group, string Incarnation, long Sequence, ReadOnlyMemory<byte> Bytes, IActorRef ReplyTo)
    : INoSerializationVerificationNeeded
{
    /// <summary>Indexes of outputs that are in the topics already and are not written again; null = none.</summary>
    public IReadOnlySet<int>? Written { get; init; }

    /// <summary>
    /// Called in place of the answer, where another one takes some of the outputs; null = nobody does.
    /// </summary>
    public Action? Confirmed { get; init; }

    /// <summary>Whoever took the outputs has done with all of them.</summary>
    internal void Confirm()
    {
        if (Confirmed is null)
            ReplyTo.Tell(new OutputConfirmed(Incarnation, Sequence), ActorRefs.NoSender);
        else
            Confirmed();
    }
}

/// <summary>The broker acknowledged every output of an event.</summary>
/// <param name="Incarnation">
/// Who wrote it, as <see cref="OutputEvent"/> names it: a number alone may come again after the journal was rolled
/// back.
/// </param>
/// <param name="Sequence">Its sequence number.</param>
sealed record OutputConfirmed(string Incarnation, long Sequence) : INoSerializationVerificationNeeded;
