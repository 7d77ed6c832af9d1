using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Acts;

/// <summary>
/// Tells members to leave, and gives up those that are gone. A node that is given up ends (exit code 3), and what it
/// still writes the journal refuses.
/// </summary>
static class MemberActs
{
    /// <summary>A member drains, hands its key groups over, and ends.</summary>
    /// <param name="system">The actor system of the node that is told.</param>
    /// <param name="address">The member's address, whole or HOST:PORT; null = the node itself.</param>
    /// <exception cref="CommandException">It is no member.</exception>
    internal static MemberActReport Leave(ActorSystem system, string? address)
    {
        var cluster = Cluster.Get(system);
        var member = address is null ? cluster.SelfAddress : Find(cluster, address);
        cluster.Leave(member);
        return new MemberActReport("leave", [member.ToString()]);
    }

    /// <summary>A member is given up; its key groups go to others at once.</summary>
    /// <inheritdoc cref="Leave"/>
    internal static MemberActReport Down(ActorSystem system, string address)
    {
        var cluster = Cluster.Get(system);
        return Down(cluster, [Find(cluster, address)]);
    }

    /// <summary>All members that cannot be reached are given up.</summary>
    internal static MemberActReport DownUnreachable(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        return Down(cluster, [.. cluster.State.Unreachable.Select(member => member.Address).Order()]);
    }

    static MemberActReport Down(Cluster cluster, IReadOnlyList<Address> addresses)
    {
        foreach (var address in addresses)
            cluster.Down(address);
        return new MemberActReport("down", [.. addresses.Select(address => address.ToString())]);
    }

    static Address Find(Cluster cluster, string text)
    {
        var members = cluster.State.Members.Select(member => member.Address).ToList();
        return members.Find(member => text == member.ToString() || text == $"{member.Host}:{member.Port}")
            ?? throw new CommandException($"'{text}' is no member; members are {string.Join(", ", members)}");
    }
}
