using Akka.Actor;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Running;

/// <summary>Why an actor system has ended that nobody told to.</summary>
static class NodeEnd
{
    /// <summary>The end as an error of the verb.</summary>
    internal static UserException Of(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason switch
    {
        CoordinatedShutdown.ClusterDowningReason => new UserException(
            "the other nodes gave this one up: it was frozen, or cut off from them. Start it again", ExitCodes.Downed),
        CoordinatedShutdown.ClusterLeavingReason => new UserException(
            "the node has left the cluster, as it was told (cluster leave)", ExitCodes.Good),
        var reason => new UserException($"the actor system has ended: {reason?.GetType().Name}", ExitCodes.Failed),
    };

    /// <summary>The end of a node that TLS keeps from the others.</summary>
    internal static UserException OfTls() => new(
        "a node that this one called refused it, or was refused by it: TLS failed. Each node's certificate "
        + "(akkajoin.cluster.tls.certificate-file) has to come from the "
        + "authority-file of all others; the other node's log says what it found",
        ExitCodes.Failed);

    /// <summary>The end of a node whose others speak with TLS where it does not, or the other way round.</summary>
    internal static UserException OfProtocol(Address holder) => new(
        holder.Protocol.Contains("ssl", StringComparison.Ordinal)
            ? $"the nodes that hold the journal ({holder}) speak TLS, and this one does not: take cluster.tls.mode = "
            + "off out of its configuration"
            : $"the nodes that hold the journal ({holder}) speak without TLS: they are of an older release, "
            + "or have cluster.tls.mode = off. Stop them all before this one "
            + "starts; or, to replace them one by one, give this one cluster.tls.mode = off until none of the old ones is left",
        ExitCodes.Config);

    /// <summary>Whether it ends, or has ended, for a reason of its own and not as the process wishes.</summary>
    internal static bool IsUnasked(ActorSystem system) =>
        CoordinatedShutdown.Get(system).ShutdownReason is not (null or CoordinatedShutdown.ActorSystemTerminateReason);
}
