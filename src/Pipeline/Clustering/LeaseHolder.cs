using System.Globalization;
using Akka.Actor;
using Akka.Cluster;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// The name that a member writes into the journal's lease, and whether a name found there is that of a member. The
/// program writes addresses: its nodes find each other by them. Applications form their clusters themselves, and two of
/// them on two machines may have the same address (127.0.0.1): their names contain the actor system's random number
/// too.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="withUid">Whether the name contains the number.</param>
sealed class LeaseHolder(Cluster cluster, bool withUid)
{
    /// <summary>This node's name.</summary>
    internal string Self => Name(cluster.SelfUniqueAddress);

    /// <summary>Whether the name is that of a member of this node's cluster, as far as this node knows.</summary>
    internal bool IsMember(string name) => cluster.State.Members.Any(member => Name(member.UniqueAddress) == name);

    string Name(UniqueAddress member) =>
        withUid ? string.Create(CultureInfo.InvariantCulture, $"{member.Address}#{member.Uid}") : member.Address.ToString();
}
