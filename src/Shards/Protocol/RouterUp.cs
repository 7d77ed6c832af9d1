using Akka.Actor;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A router says to its own node that it runs there. Never leaves the node.</summary>
sealed record RouterUp : INoSerializationVerificationNeeded
{
    internal static RouterUp Instance { get; } = new();
}
