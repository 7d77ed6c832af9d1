using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The stage around a <see cref="Router"/>: chunks in, offsets to commit out. It always pulls: the source's credits bound what lies here,
/// and credit goes back as the key groups acknowledge. When the source completes it drains: everything goes out at once, and it completes
/// once every key group has journaled everything, or the drain's limit is over.
/// </summary>
sealed class RouterStage(
    RouterSettings settings,
    Func<string, IReadOnlyList<RouteSide>> sidesOf,
    RouterInbox inbox,
    IActorRef region,
    INodePeers peers,
    Func<IRouterEffects, IRouterEffects> effects) : GraphStage<FlowShape<RecordChunk, PartitionOffset>>
{
    readonly Inlet<RecordChunk> _in = new("Router.in");
    readonly Outlet<PartitionOffset> _out = new("Router.out");

    /// <inheritdoc/>
    public override FlowShape<RecordChunk, PartitionOffset> Shape => new(_in, _out);

    internal RouterSettings Settings => settings;

    internal Func<string, IReadOnlyList<RouteSide>> SidesOf => sidesOf;

    internal RouterInbox Inbox => inbox;

    internal IActorRef Region => region;

    internal INodePeers Peers => peers;

    internal Inlet<RecordChunk> In => _in;

    internal Outlet<PartitionOffset> Out => _out;

    internal Func<IRouterEffects, IRouterEffects> Effects => effects;

    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new RouterStageLogic(this);
}
