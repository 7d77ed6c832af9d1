using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// A node's real <see cref="Router"/>, <see cref="RouterDriver"/>, <see cref="RouterInbox"/> and <see cref="EngineEffects"/>, and the consumer under them.
/// </summary>
sealed class NodeRouter : IRouterHands
{
    const int StepMs = 7;
    readonly RouterDriver _driver;
    readonly RouterInbox _inbox = new(TimeSpan.Zero);
    readonly RouterAddress _address;
    readonly NodeConsumer _consumer;
    long _noticesAtMs = -1;
    bool _wakes;
    bool _commits;
    Dictionary<(string Topic, int Number), (long Floor, long BeganAt, long Position)> _ahead = [];

    internal NodeRouter(Node node)
    {
        Node = node;
        _address = new RouterAddress(node, node.Incarnation);
        _consumer = new NodeConsumer(node, _inbox);
        var scenario = World.Scenario;
        _driver = new RouterDriver(
            new RouterSettings(scenario.Definition.KeyGroups, scenario.Streams.MaxOutOfOrdernessMs, scenario.Flow, scenario.MaxDriftMs) { FormatVersion = () => node.FormatVersion },
            World.SidesOf,
            _inbox,
            this,
            effects => new EngineEffects(effects, _inbox, WriteDeadLetter, JournalIsBehind, JournalIsAhead, CancellationToken.None),
            scenario.PartBytesMax);
        _inbox.Open(Wake);
    }

    internal Node Node { get; }

    internal Member? Member => _consumer.Member;

    /// <summary>Partitions that are assigned.</summary>
    internal int Partitions => _consumer.Partitions;

    /// <summary>Whether all that has arrived of its partitions is read, journaled by every key group and out.</summary>
    internal bool IsDone => _driver.Router.IsCovered && _consumer.IsAtEnd && _driver.Router.Status().Partitions.All(p => p.Position == World.Broker.End(BrokerModel.Id(p.Topic, p.Number)));

    long IRouterHands.NowMs => Node.ClockMs;

    IChunkControl? IRouterHands.Control => _consumer.Control;

    // Parts are far smaller than in life, where few messages need them.
    bool IRouterHands.AreSeveral => true;

    IReadOnlyCollection<string> IRouterHands.Others => [.. World.Nodes.Where(n => n != Node).Select(n => n.Name)];

    SimulatedWorld World => Node.World;

    internal void Start()
    {
        _consumer.Member = World.Consumers.Join(this);
        Node.After(StepMs, Step);
    }

    internal void Receive(object message, string node)
    {
        if (message is GroupGap gap)
            World.History.Note(Node.Number, gap.Group, "hears of a gap of {0} at {1}", ConsumerGroup.Number(gap.Partition), gap.CoveredThrough);
        if (message is GroupFellBack fell)
            World.History.Note(Node.Number, fell.Group, "hears that event {0} is lost", fell.Lost.Number);
        _driver.Received(message, node);
    }

    /// <summary>Partitions go to others, with the router's word or without.</summary>
    internal void Revoke(Member member, List<PartitionId> partitions, Action done)
    {
        if (member == Member && !member.Gone)
            _consumer.Revoke(partitions, done);
    }

    /// <summary>A generation begins, and partitions come.</summary>
    internal void Assign(Member member, int generation, List<PartitionId> partitions)
    {
        if (member != Member || member.Gone)
            return;
        member.Generation = generation;
        if (partitions.Count > 0)
            _consumer.Assign(partitions);
    }

    internal string Describe() => string.Join(", ", _driver.Router.Status().Partitions.Select(p =>
        $"{p.Topic}/{p.Number} {p.Phase} at {p.Position} of {World.Broker.End(BrokerModel.Id(p.Topic, p.Number))}, covered {p.CoveredByAll}, paused by {p.PausedBy}"));

    void IRouterHands.Send(IGroupMessage message) => World.Network.Send(Node, message, _address);

    void IRouterHands.SendToAll(NodeTicks ticks) => World.Network.SendToAll(Node, ticks, _address);

    void IRouterHands.TellOthers(NodeFloor floor) => World.Network.TellOthers(Node, floor);

    // The committer's sink pulls when it likes.
    void IRouterHands.OfferCommit()
    {
        if (_commits)
            return;
        _commits = true;
        Node.AfterAs(_address.Incarnation, World.Random.Next(0, 4), () =>
        {
            _commits = false;
            while (_driver.TakeCommit(out var offset))
                _consumer.Control.Commit([offset]);
        });
    }

    void IRouterHands.Complete() => throw new SimulationException("the router says that it has drained");

    // Who is told to start again does.
    void IRouterHands.Fail(Exception reason)
    {
        if (World.Rollbacks == 0 || !reason.Message.Contains("Start again", StringComparison.Ordinal))
            throw new JoinStoppedException(reason);
        World.History.Note(Node.Number, -1, "ends, since the journal forgot a partition, and is to start again");
        World.CrashNode(Node);
    }

    void JournalIsBehind(string topic, int partition, long committed, long covered)
    {
        if (World.Rollbacks == 0)
            throw new SimulationException($"{topic}/{partition}: the journal is said to be behind at {covered}, committed is {committed}");
    }

    static void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered)
    {
    }

    void Wake()
    {
        if (_wakes)
            return;
        _wakes = true;
        Node.AfterAs(_address.Incarnation, 0, () =>
        {
            _wakes = false;
            _driver.Woken();
        });
    }

    Task WriteDeadLetter(DeadLetter letter, CancellationToken stopping)
    {
        var acknowledged = new TaskCompletionSource();
        World.Broker.Produce(Node, () => World.Broker.WriteDeadLetter(new PartitionId(letter.Side, 0, letter.Partition), letter.Offset), acknowledged.SetResult);
        return acknowledged.Task;
    }

    void Step()
    {
        NoticeExpulsion();
        try
        {
            _consumer.Round();
        }
        catch (KafkaStopException e)
        {
            throw new JoinStoppedException(e);
        }

        while (World.Random.Next(8) > 0 && _consumer.TryTake(out var chunk))
            _driver.Chunk(chunk);
        _driver.Router.Flushing = !World.Faulty && World.FlushesAtEnd;
        _driver.TimePassed();
        if (World.Scenario.MaxDriftMs is { } drift)
            CheckDrift(drift);
        Node.After(StepMs, Step);
    }

    // What was ahead of the slowest by more than the limit, and still is, has not been read on meanwhile.
    void CheckDrift(long drift)
    {
        var floor = _driver.Router.Floor(((IRouterHands)this).NowMs).Floor;
        var ahead = _driver.Router.Status().Partitions
            .Where(p => p.Phase == PartitionPhase.Reading && p.Watermarks.Min(w => w.Watermark) is > SideWatermarks.None and var watermark && floor < DriftGate.NoFloor && watermark > floor + drift)
            .ToDictionary(p => (p.Topic, p.Number), p => (floor, p.BeganAt, p.Position));
        foreach (var (partition, was) in _ahead)
        {
            if (ahead.TryGetValue(partition, out var now) && now.floor == was.Floor && now.BeganAt == was.BeganAt && now.Position > was.Position)
                throw new SimulationException($"{partition} is read from {was.Position} to {now.Position}, though it is ahead of {floor} by more than {drift}");
        }

        _ahead = ahead;
    }

    // A consumer whose session is over hears of it with one of its next requests, and joins anew.
    void NoticeExpulsion()
    {
        if (Member is not { Gone: true })
            return;
        if (_noticesAtMs < 0)
            _noticesAtMs = World.Schedule.Now + World.Random.Next(0, 500);
        if (World.Schedule.Now < _noticesAtMs)
            return;
        _noticesAtMs = -1;
        World.History.Note(Node.Number, -1, "notices that its partitions are lost");
        _consumer.Lose();
        _consumer.Member = World.Consumers.Join(this);
    }
}
