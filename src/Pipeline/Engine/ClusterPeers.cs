using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// The members of the cluster that run a join. Read from the cluster's own picture each time: a message more or less
/// does no harm.
/// </summary>
sealed class ClusterPeers : INodePeers
{
    readonly ExtendedActorSystem _system;
    readonly Cluster _cluster;
    readonly IActorRef _own;
    readonly string _path;
    readonly string? _role;
    volatile byte _formatVersion;

    // Of members that were. There are no more than nodes that ever came while this one ran.
    readonly Dictionary<Address, IActorRef> _relays = [];

    internal ClusterPeers(ActorSystem system, string join, IActorRef own, string? role)
    {
        _system = (ExtendedActorSystem)system;
        _cluster = Cluster.Get(system);
        _own = own;
        _path = "/user/" + TickRelay.Name(join);
        _role = role;
        Refresh();
    }

    /// <inheritdoc/>
    public bool AreSeveral => _cluster.State.Members.Count > 1;

    /// <inheritdoc/>
    public void Tell(NodeTicks ticks, IActorRef sender)
    {
        _own.Tell(ticks, sender);
        foreach (var address in OtherAddresses())
            Relay(address).Tell(ticks, sender);
    }

    /// <summary>
    /// The format that every member which may run the join reads, as of the last <see cref="Refresh"/>.
    /// </summary>
    internal byte FormatVersion => _formatVersion;

    /// <summary>Looks at the members again.</summary>
    internal void Refresh() => _formatVersion = FormatVersions.Lowest(_cluster.State.Members.Where(MayRun).Select(m => m.Roles));

    /// <summary>Sees that every member can join by a definition.</summary>
    /// <exception cref="UserException">
    /// A member of an earlier release does not know its filters, conditions or limits of time, or cannot repair rows.
    /// </exception>
    internal static void RefuseOlderMembers(Cluster cluster, string? role, JoinDefinition definition) =>
        RefuseOlderMembers(definition, [.. cluster.State.Members.Where(m => MayRun(m, role))
            .Select(m => (m.Address.ToString(), (IEnumerable<string>)m.Roles))]);

    internal static void RefuseOlderMembers(
        JoinDefinition definition, IReadOnlyList<(string Address, IEnumerable<string> Roles)> members)
    {
        if (DefinitionCodec.NeedsFormat3(definition))
            Refuse(definition.Name, NewestKeys(definition) + " needs", FormatVersions.JoinTime, members);
        if (DefinitionCodec.NeedsFormat2(definition))
            Refuse(definition.Name, "a filter, and not, in and is null in where, need", FormatVersions.Incarnations, members);
    }

    static string NewestKeys(JoinDefinition definition) =>
        definition.Late == LatePolicy.Repair ? "late.policy = repair" : definition.MinTimeMs is not null ? "min-time" : "max-jump";

    /// <summary>
    /// Whether the others gave this node up. Its region ends at once then, and its shutdown begins when a busy machine
    /// gets to it. A node that is in no cluster yet is not given up.
    /// </summary>
    internal static bool IsGivenUp(Cluster cluster) => cluster.IsTerminated || cluster.SelfMember.Status == MemberStatus.Down;

    /// <summary>The members that may run a join and do not know a format.</summary>
    internal static IReadOnlyList<string> OlderMembers(Cluster cluster, string? role, byte format) =>
    [
        .. cluster.State.Members.Where(m => MayRun(m, role) && FormatVersions.Lowest([m.Roles]) < format)
            .Select(m => m.Address.ToString()).Order(StringComparer.Ordinal),
    ];

    static void Refuse(string join, string what, byte format, IReadOnlyList<(string Address, IEnumerable<string> Roles)> members)
    {
        var older = members.Where(m => FormatVersions.Lowest([m.Roles]) < format).Select(m => m.Address).ToList();
        if (older.Count == 0)
            return;
        throw new UserException(
            $"join '{join}': {what} every node of the cluster to be of this release; "
                + $"{string.Join(", ", older)} "
            + $"{(older.Count == 1 ? "is" : "are")} of an earlier one. Upgrade {(older.Count == 1 ? "it" : "them")} first",
            ConfigException.Code);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Others => [.. OtherAddresses().Select(address => address.ToString())];

    /// <inheritdoc/>
    public void TellOthers(NodeWatermark watermark, IActorRef sender)
    {
        foreach (var address in OtherAddresses())
            Relay(address).Tell(watermark, sender);
    }

    /// <inheritdoc/>
    public void Register(IActorRef router) => _own.Tell(RouterUp.Instance, router);

    /// <summary>
    /// The key groups that this node keeps running, so that each is asked for by one node and not by all.
    /// </summary>
    internal IEnumerable<int> Share(int groups)
    {
        var members = Members().Select(m => m.Address).ToList();
        var own = members.IndexOf(_cluster.SelfAddress);
        return own < 0 ? Enumerable.Range(0, groups) : Enumerable.Range(0, groups).Where(group => group % members.Count == own);
    }

    // In an order that all nodes share.
    IEnumerable<Member> Members() => _cluster.State.Members
        .Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving && MayRun(m));

    bool MayRun(Member member) => MayRun(member, _role);

    static bool MayRun(Member member, string? role) => role is null || member.Roles.Contains(role);

    IEnumerable<Address> OtherAddresses() => Members().Select(m => m.Address).Where(address => address != _cluster.SelfAddress);

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
