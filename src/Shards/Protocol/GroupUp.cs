using Akka.Actor;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A key group says to its own node that it runs there. Never leaves the node.</summary>
/// <param name="Group">The key group.</param>
sealed record GroupUp(int Group) : INoSerializationVerificationNeeded;
