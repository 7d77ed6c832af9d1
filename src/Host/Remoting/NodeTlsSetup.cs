using Akka.Actor.Setup;

namespace AkkaJoin.Host.Remoting;

/// <summary>Gives the transport of an actor system its certificate.</summary>
sealed class NodeTlsSetup(NodeTls tls) : Setup
{
    /// <summary>Whom the node takes for another.</summary>
    internal NodeTls Tls => tls;
}
