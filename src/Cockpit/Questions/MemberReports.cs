using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Engine;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>The members of the cluster, as this node sees them.</summary>
static class MemberReports
{
    internal static IReadOnlyList<MemberReport> Of(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        var state = cluster.State;
        var oldest = state.Members.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving)
            .Aggregate((Member?)null, (a, b) => a is null || b.IsOlderThan(a) ? b : a);
        return [.. state.Members.Select(member => new MemberReport(
            member.Address.ToString(),
            [.. member.Roles.Where(role => !NodeRoles.IsOwn(role)).Order(StringComparer.Ordinal)],
            [.. member.Roles.Select(NodeRoles.JoinOf).OfType<string>().Order(StringComparer.Ordinal)],
            member.Status.ToString().ToLowerInvariant(),
            !state.Unreachable.Contains(member),
            member.AppVersion.ToString(),
            member.Address == cluster.SelfAddress,
            member.Address == state.Leader,
            member.Equals(oldest)))];
    }
}
