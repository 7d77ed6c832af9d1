using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>The members of the cluster as peers. Read from the cluster's own picture each time: a tick more or less does no harm.</summary>
sealed class ClusterPeers : INodePeers
{
    readonly ExtendedActorSystem _system;
    readonly Cluster _cluster;
    readonly IActorRef _own;
    readonly string _path;

    // Of members that were. There are no more than nodes that ever came while this one ran.
    readonly Dictionary<Address, IActorRef> _relays = [];

    internal ClusterPeers(ActorSystem system, string join, IActorRef own)
    {
        _system = (ExtendedActorSystem)system;
        _cluster = Cluster.Get(system);
        _own = own;
        _path = "/user/" + TickRelay.Name(join);
    }

    /// <inheritdoc/>
    public bool AreSeveral => _cluster.State.Members.Count > 1;

    /// <inheritdoc/>
    public void Tell(NodeTicks ticks, IActorRef sender)
    {
        _own.Tell(ticks, sender);
        foreach (var member in _cluster.State.Members)
        {
            if (member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.WeaklyUp && member.Address != _cluster.SelfAddress)
                Relay(member.Address).Tell(ticks, sender);
        }
    }

    IActorRef Relay(Address address)
    {
        if (!_relays.TryGetValue(address, out var relay))
        {
            relay = _system.Provider.ResolveActorRef(address + _path);
            _relays.Add(address, relay);
        }

        return relay;
    }
}
