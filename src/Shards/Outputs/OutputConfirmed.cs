using Akka.Actor;

namespace AkkaJoin.Shards.Outputs;

/// <summary>The broker acknowledged every output of an event.</summary>
/// <param name="Incarnation">Who wrote it, as <see cref="OutputEvent"/> names it: a number alone may come again after the journal was rolled back.</param>
/// <param name="Sequence">Its sequence number.</param>
public sealed record OutputConfirmed(string Incarnation, long Sequence) : INoSerializationVerificationNeeded;
