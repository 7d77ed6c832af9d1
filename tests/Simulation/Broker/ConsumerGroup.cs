using AkkaJoin.Shards.Batches;
using AkkaJoin.Simulation.Nodes;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Broker;

/// <summary>
/// The consumer group: who reads which partition, in which generation. A rebalance first takes partitions from those that give some up,
/// and waits for their word or expels them; then the generation rises and partitions are given. A commit of another generation, or of one
/// who is no member, is refused.
/// </summary>
sealed class ConsumerGroup(SimulatedWorld world)
{
    const int RevokeMs = 1_500;

    // One and the same, so that a member hears in order.
    const int CoordinatorMs = 5;
    readonly List<Member> _members = [];
    readonly Dictionary<PartitionId, Member?> _owners = world.Scenario.SourcePartitions.Where(p => !world.Scenario.IsAdded(p)).ToDictionary(p => p, _ => (Member?)null);
    readonly HashSet<Member> _revoking = [];
    Dictionary<PartitionId, Member?> _target = [];
    bool _rebalancing;
    bool _again;

    internal int Generation { get; private set; }

    /// <summary>Whether every partition has a consumer that knows.</summary>
    internal bool IsStable => !_rebalancing && !_again && _owners.Values.All(m => m is { Gone: false } && m.Generation == Generation);

    internal Member Join(NodeRouter router)
    {
        var member = new Member(router);
        _members.Add(member);
        Rebalance();
        return member;
    }

    /// <summary>The session of a member is over, whether it lives or not.</summary>
    internal void Expel(Member member)
    {
        if (member.Gone)
            return;
        world.History.Note(member.Router.Node.Number, -1, "consumer is expelled from the group");
        member.Gone = true;
        _members.Remove(member);
        Revoked(member);
        Rebalance();
    }

    internal Member? RandomMember() => _members.Count == 0 ? null : _members[world.Random.Next(_members.Count)];

    internal bool Commit(Member member, int generation, PartitionId partition, long offset)
    {
        var isRefused = member.Gone || generation != Generation;
        world.History.Note(
            member.Router.Node.Number, -1, isRefused ? "commit of {0}/{1} is refused" : "commit of {0}/{1}", Number(partition), offset);
        if (!isRefused)
            world.Broker.Commit(partition, offset);
        return !isRefused;
    }

    internal void Rebalance()
    {
        if (_rebalancing)
        {
            _again = true;
            return;
        }

        _rebalancing = true;
        world.History.Note(-1, -1, "rebalance from generation {0}", Generation);
        foreach (var added in world.Scenario.SourcePartitions.Where(p => !_owners.ContainsKey(p) && world.Broker.IsThere(p)))
            _owners[added] = null;
        _target = _owners.ToDictionary(o => o.Key, o => o.Value is { Gone: false } && world.Random.Next(10) < 6 ? o.Value : RandomMember());
        foreach (var member in _members.Where(m => _owners.Any(o => o.Value == m && _target[o.Key] != m)).ToList())
        {
            _revoking.Add(member);
            var partitions = _owners.Where(o => o.Value == member && _target[o.Key] != member).Select(o => o.Key).ToList();
            member.Router.Node.After(CoordinatorMs, () => member.Router.Revoke(member, partitions, () => Revoked(member)));
            world.Schedule.After(RevokeMs, () => ExpelSilent(member));
        }

        if (_revoking.Count == 0)
            world.Schedule.After(world.Random.Next(1, 30), Assign);
    }

    // Topic and partition as one number, for the history.
    internal static int Number(PartitionId partition) => ((int)partition.Side * 10) + partition.Partition;

    void ExpelSilent(Member member)
    {
        if (_revoking.Contains(member))
            Expel(member);
    }

    void Revoked(Member member)
    {
        if (_revoking.Remove(member) && _revoking.Count == 0)
            world.Schedule.After(world.Random.Next(1, 30), Assign);
    }

    void Assign()
    {
        Generation++;
        foreach (var (partition, member) in _target)
        {
            var isNew = _owners[partition] != member;
            _owners[partition] = member is { Gone: false } ? member : null;
            _again |= _owners[partition] is null;
            if (isNew)
                world.History.Note(member?.Router.Node.Number ?? -1, -1, "partition {0} goes here in generation {1}", Number(partition), Generation);
            if (isNew)
                member?.Coming.Add(partition);
        }

        var generation = Generation;
        foreach (var member in _members)
        {
            var coming = member.Coming.ToList();
            member.Coming.Clear();
            member.Router.Node.After(CoordinatorMs, () => member.Router.Assign(member, generation, coming));
        }

        _rebalancing = false;
        if (!_again)
            return;
        world.Schedule.After(100, () =>
        {
            _again = false;
            Rebalance();
        });
    }
}
