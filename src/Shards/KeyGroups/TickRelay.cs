using Akka.Actor;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Passes the ticks that come to this node to the key groups that run on it, and the other nodes' watermarks to its
/// router. The groups answer the sender themselves. A group that is not here, or has not recovered yet, misses the
/// tick; the next one brings it what it missed.
/// </summary>
sealed class TickRelay(int groups) : UntypedActor
{
    readonly IActorRef?[] _groups = new IActorRef?[groups];
    IActorRef _router = ActorRefs.Nobody;

    /// <summary>The relay's name below /user; it has the same on every node.</summary>
    internal static string Name(string join) => "akkajoin-ticks-" + join;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeTicks ticks:
                Relay(ticks);
                break;
            case NodeWatermark watermark:
                _router.Tell(watermark, Sender);
                break;
            case RouterUp:
                _router = Sender;
                break;
            case KeyGroupUp up:
                _groups[up.Group] = Sender;
                Context.Watch(Sender);
                break;
            case Terminated t:
                Forget(t.ActorRef);
                break;
        }
    }

    void Relay(NodeTicks ticks)
    {
        for (var group = 0; group < _groups.Length; group++)
            _groups[group]?.Tell(ticks.For(group), Sender);
    }

    // The group's next incarnation on this node may have registered before the end of this one is known.
    void Forget(IActorRef stopped)
    {
        for (var group = 0; group < _groups.Length; group++)
        {
            if (stopped.Equals(_groups[group]))
                _groups[group] = null;
        }
    }
}
