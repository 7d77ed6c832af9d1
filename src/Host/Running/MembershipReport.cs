using Akka.Actor;
using Akka.Cluster;

namespace AkkaJoin.Host.Running;

/// <summary>A line for each node that comes, goes, or does not answer: what an operator looks for first.</summary>
sealed class MembershipReport : UntypedActor
{
    readonly TextWriter _output;
    readonly Cluster _cluster = Cluster.Get(Context.System);

    // Counted here: the cluster's own picture may be newer or older than the event that is told of.
    readonly HashSet<UniqueAddress> _up = [];

    public MembershipReport(TextWriter output) => _output = output;

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
        typeof(ClusterEvent.MemberUp),
        typeof(ClusterEvent.MemberRemoved),
        typeof(ClusterEvent.UnreachableMember),
        typeof(ClusterEvent.ReachableMember));

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberUp e:
                _up.Add(e.Member.UniqueAddress);
                Say(e.Member, "is up");
                break;
            case ClusterEvent.MemberRemoved e when e.Member.Address != _cluster.SelfAddress:
                _up.Remove(e.Member.UniqueAddress);
                Say(e.Member, e.PreviousStatus == MemberStatus.Down ? "was given up" : "has left");
                break;
            case ClusterEvent.UnreachableMember e:
                Say(e.Member, "does not answer");
                break;
            case ClusterEvent.ReachableMember e:
                Say(e.Member, "answers again");
                break;
        }
    }

    void Say(Member member, string what)
    {
        var own = member.Address == _cluster.SelfAddress ? " (this one)" : "";
        _output.WriteLine(
            $"akkajoin: node {member.Address.Host}:{member.Address.Port}{own} {what}; {_up.Count} "
            + $"{(_up.Count == 1 ? "node" : "nodes")} up");
    }
}
