using Akka.Actor;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>The nodes that run a join, this one among them.</summary>
interface INodePeers
{
    /// <summary>
    /// Whether there is more than this node: then messages may cross the network, whose frames have a limit.
    /// </summary>
    bool AreSeveral { get; }

    /// <summary>The addresses of the nodes beside this one.</summary>
    IReadOnlyCollection<string> Others { get; }

    /// <summary>Tells the tick relay of each node.</summary>
    void Tell(NodeTicks ticks, IActorRef sender);

    /// <summary>Tells the tick relay of each node beside this one.</summary>
    void TellOthers(NodeWatermark watermark, IActorRef sender);

    /// <summary>Has what the other nodes say of their time come to the router of this one.</summary>
    void Register(IActorRef router);
}
