using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// Downs this node once a member of its cluster has quarantined it. That member speaks no more to this node, for as
/// long as this node runs. A split brain resolver does not know that: it sees a member that cannot be reached. An
/// operator may have given up this node by hand while it was frozen. When it wakes, its resolver may keep its own side:
/// of two equal sides keep-majority keeps the one with the lowest address. Then the journal would have two clusters.
/// <para>
/// Akka's resolver on the JVM does the same (<c>DownSelfQuarantinedByRemote</c>); that of Akka.NET 1.5 does not.
/// </para>
/// </summary>
sealed class QuarantineWatch : ReceiveActor
{
    readonly Cluster _cluster = Cluster.Get(Context.System);

    public QuarantineWatch() => Receive<ThisActorSystemQuarantinedEvent>(quarantined =>
    {
        if (!_cluster.State.Members.Any(member => member.Address == quarantined.RemoteAddress))
            return; // removed on both sides: a member of another cluster, or the earlier life of an address
        ClusteringLog.Quarantined(Context.GetLogger(), quarantined.RemoteAddress);
        _cluster.Down(_cluster.SelfAddress);
    });

    /// <summary>Watches until the actor system ends.</summary>
    internal static void Start(ActorSystem system) =>
        ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new QuarantineWatch()), "akkajoin-quarantine-watch");

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe<ThisActorSystemQuarantinedEvent>(Self);

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe<ThisActorSystemQuarantinedEvent>(Self);
}
