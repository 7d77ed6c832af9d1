using Akka.Cluster;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// A bounded run needs all partitions of its join for itself: it ends when they are read to their ends, and a node
/// beside it would have some of them.
/// </summary>
static class BoundedRunGuard
{
    /// <summary>The role by which a node tells that it runs its joins to their ends.</summary>
    internal const string Role = "akkajoin.bounded";

    /// <summary>
    /// Refuses to run beside another node of the join, where one of the two is bounded. Of two that come together the
    /// older one goes on.
    /// </summary>
    /// <param name="cluster">This node is a member.</param>
    /// <param name="join">The join's name.</param>
    /// <param name="role">The role of the nodes that run the join; null = all do.</param>
    /// <param name="isBounded">Whether this node's run is bounded.</param>
    /// <exception cref="UserException">There is such a node.</exception>
    internal static void Check(Cluster cluster, string join, string? role, bool isBounded)
    {
        var self = cluster.SelfMember;
        foreach (var other in cluster.State.Members)
        {
            var isOther = other.Status is MemberStatus.Up or MemberStatus.Leaving && other.UniqueAddress != self.UniqueAddress;
            if (isOther && (role is null || other.HasRole(role)) && other.IsOlderThan(self))
                Check(other, join, isBounded);
        }
    }

    static void Check(Member other, string join, bool isBounded)
    {
        var address = $"{other.Address.Host}:{other.Address.Port}";
        if (isBounded)
        {
            throw new UserException(
                $"join '{join}' runs on {address} already: that node has partitions of it, so a bounded run beside it would "
                    + "never come to their ends. "
                + "Stop it first (and every other node of the join), or leave the join to it",
                1);
        }

        if (other.HasRole(Role))
        {
            throw new UserException(
                $"a bounded run of join '{join}' is under way on {address}: it needs all partitions for itself. Start this node "
                    + "when that has ended", 1);
        }
    }
}
