using Akka.Actor;

namespace AkkaJoin.Shards.Outputs;

/// <summary>The broker acknowledged every output of the event with this sequence number.</summary>
public sealed record OutputConfirmed(long Sequence) : INoSerializationVerificationNeeded;
