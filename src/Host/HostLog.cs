using Akka.Event;

namespace AkkaJoin.Host;

/// <summary>Every log message of a node.</summary>
static class HostLog
{
    internal static void NodeWithoutCertificate(ILoggingAdapter log, string peer) =>
        log.Warning("{0} showed no certificate and was refused", peer);

    internal static void NodeRefused(ILoggingAdapter log, string peer, string subject, string reason) =>
        log.Warning("{0} was refused: its certificate ({1}) {2}", peer, subject, reason);

    internal static void HandshakeFailed(ILoggingAdapter log, string peer, string reason) =>
        log.Warning("{0} was refused: no handshake of TLS ({1})", peer, reason);

    internal static void SpeaksPlain(ILoggingAdapter log) => log.Warning(
        "akkajoin.cluster.tls.mode = off: whoever may run programs on this machine can speak to this node. It is for an upgrade; "
        + "take it out when all nodes have been stopped for it");

    internal static void Joining(ILoggingAdapter log, IEnumerable<string> seeds) =>
        log.Info("asking {0} to join their cluster", string.Join(", ", seeds));

    internal static void WaitsForCluster(ILoggingAdapter log, string reason) => log.Warning("not in a cluster yet: {0}", reason);

    internal static void Forms(ILoggingAdapter log, string address) => log.Info("forms a new cluster at {0}", address);
}
