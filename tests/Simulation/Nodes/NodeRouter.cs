using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// A node's real <see cref="Router"/>, <see cref="RouterDriver"/>, <see cref="RouterInbox"/> and <see cref="EngineEffects"/>, and the consumer under them.
/// </summary>
sealed class NodeRouter : IRouterEnvironment
{
    const int StepMs = 7;
    readonly RouterDriver _driver;
    readonly RouterInbox _inbox = new(TimeSpan.Zero);
    readonly RouterAddress _address;
    readonly NodeConsumer _consumer;
    long _noticesAtMs = -1;
    bool _wakes;
    bool _hearsOfLie;
    Dictionary<(string Topic, int Number), (long Aligned, long BeganAt, long Position)> _ahead = [];

    // Since the last check. A partition that reaches its log end holds nothing back, so the aligned watermark may rise for a moment within a step.
    long _highestAligned = long.MinValue;

    internal NodeRouter(Node node)
    {
        Node = node;
        _address = new RouterAddress(node, node.Incarnation);
        _consumer = new NodeConsumer(node, _inbox);
        var scenario = World.Scenario;
        _driver = new RouterDriver(
            new RouterSettings(scenario.Definition.KeyGroups, scenario.Streams.MaxOutOfOrdernessMs, scenario.Flow, scenario.MaxDriftMs)
            {
                FormatVersion = () => node.FormatVersion,
                Jumps = scenario.Jumps,
                Idle = scenario.Definition.Idle,
                IdleTimeoutMs = scenario.Definition.IdleTimeoutMs,
                Times = new EventTimeLimits(Streams.TakenMs, -Streams.TakenMs),
            },
            World.SidesOf,
            _inbox,
            this,
            new EngineEffects(_inbox, WriteDeadLetter, LogEnds, JournalIsBehind, JournalIsAhead, CancellationToken.None),
            scenario.PartBytesMax);
        _inbox.Open(Wake);
    }

    internal Node Node { get; }

    internal Member? Member => _consumer.Member;

    /// <summary>Partitions that are assigned.</summary>
    internal int Partitions => _consumer.Partitions;

    /// <summary>Whether all that has arrived of its partitions is read, journaled by every key group and out.</summary>
    internal bool IsDone => _driver.Router.IsApplied && _consumer.IsAtEnd && _driver.Router.Status().Partitions.All(p => p.Position == World.Broker.End(BrokerModel.Id(p.Topic, p.Number)));

    /// <summary>The events of a key group by which it knows what is applied.</summary>
    internal EventId[] BasedOn(int group) => _driver.Router.BasedOn()[group];

    long IRouterEnvironment.NowMs => Node.ClockMs;

    long IRouterEnvironment.ClockMs => World.DatabaseClockMs + (Node.Number * 7 % (World.Scenario.ClockSkewMs + 1));

    IChunkControl? IRouterEnvironment.Control => _consumer.Control;

    // Parts are far smaller than in life, where few messages need them.
    bool IRouterEnvironment.AreSeveral => true;

    IReadOnlyCollection<string> IRouterEnvironment.Others => [.. World.Nodes.Where(n => n != Node).Select(n => n.Name)];

    SimulatedWorld World => Node.World;

    internal void Start()
    {
        _consumer.Member = World.Consumers.Join(this);
        Node.After(StepMs, Step);
    }

    internal void Receive(object message, string node)
    {
        if (message is KeyGroupGap gap)
            World.History.Note(Node.Number, gap.Group, "hears of a gap of {0} at {1}", ConsumerGroup.Number(gap.Partition), gap.ExpectedOffset);
        if (message is KeyGroupFellBack fell)
            World.History.Note(Node.Number, fell.Group, fell.Lost.Number == Liar.EventNumber ? "hears that a lie is no event" : "hears that event {0} is lost", fell.Lost.Number);
        _hearsOfLie = message is KeyGroupFellBack { Lost.Number: Liar.EventNumber };
        _driver.Received(message, node);
        _hearsOfLie = false;
    }

    /// <summary>Something is asked of the join.</summary>
    internal void Obey(FlowOrder order) => _inbox.Post((router, now) => router.Obey(order, now));

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
        $"{p.Topic}/{p.Number} {p.Phase} at {p.Position} of {World.Broker.End(BrokerModel.Id(p.Topic, p.Number))}, applied {p.AcknowledgedOffset}, paused by {p.PausedBy}"));

    void IRouterEnvironment.Send(IKeyGroupMessage message) => World.Network.Send(Node, message, _address);

    void IRouterEnvironment.SendToAll(NodeTicks ticks) => World.Network.SendToAll(Node, ticks, _address);

    void IRouterEnvironment.TellOthers(NodeWatermark watermark) => World.Network.TellOthers(Node, watermark);

    void IRouterEnvironment.Complete() => throw new SimulationException("the router says that it has drained");

    // Who is told to start again does.
    void IRouterEnvironment.Fail(Exception reason)
    {
        if (World.Rollbacks == 0 || !reason.Message.Contains("Start the join again", StringComparison.Ordinal))
            throw new JoinStoppedException(reason);
        World.History.Note(Node.Number, -1, "ends, since the journal forgot a partition, and is to start again");
        World.CrashNode(Node);
    }

    // A router cannot tell a lie from an event that is lost. Where the answer to it was overtaken by a newer one, it
    // names a lower offset than that: some is read again that need not be. Where the log was cut above the origin
    // before anybody committed an offset, the records between are lost to the join, and it stops.
    void JournalIsBehind(string topic, int partition, long committed, long covered)
    {
        var isCut = covered == World.Catalog.Origin(topic, partition) && covered < World.Broker.Start(BrokerModel.Id(topic, partition));
        if (World.Rollbacks == 0 && !_hearsOfLie && !isCut)
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
            NoteAligned();
        });
    }

    Task WriteDeadLetter(DeadLetter letter, CancellationToken stopping)
    {
        var acknowledged = new TaskCompletionSource();
        World.Broker.Produce(Node, () => World.Broker.WriteDeadLetter(new PartitionId(letter.Side, 0, letter.Partition), letter.Offset), acknowledged.SetResult);
        return acknowledged.Task;
    }

    // The leader of a partition may be away, and all brokers. The answer takes its time, and is of some moment between.
    Task<IReadOnlyDictionary<(string Topic, int Partition), long>> LogEnds(
        IReadOnlyList<TopicPartitionGeneration> partitions, CancellationToken stopping)
    {
        var answer = new TaskCompletionSource<IReadOnlyDictionary<(string Topic, int Partition), long>>();
        Node.AfterAs(_address.Incarnation, World.Random.Next(0, 30), () =>
        {
            var ends = partitions.Where(_ => World.Random.Next(20) > 0)
                .ToDictionary(p => (p.Topic, p.Partition), p => World.Broker.End(BrokerModel.Id(p.Topic, p.Partition)));
            Node.AfterAs(_address.Incarnation, World.Random.Next(0, 30), () =>
            {
                if (World.Random.Next(20) == 0)
                    answer.SetException(new KafkaException(ErrorCode.Local_AllBrokersDown));
                else
                    answer.SetResult(ends);
            });
        });
        return answer.Task;
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

        while (World.Random.Next(8) > 0 && _consumer.TryDequeue(out var chunk))
        {
            _driver.Chunk(chunk);
            NoteAligned();
        }

        _driver.Router.Flushing = !World.Faulty && World.FlushesAtEnd;
        _driver.TimePassed();
        if (World.Scenario.MaxDriftMs is { } drift)
            CheckAlignment(drift);
        Node.After(StepMs, Step);
    }

    // What was ahead of the slowest by more than the limit, and still is, has not been read on meanwhile.
    void CheckAlignment(long drift)
    {
        var aligned = _driver.Router.OwnWatermark(((IRouterEnvironment)this).NowMs).Watermark;
        var ahead = _driver.Router.Status().Partitions
            .Where(p => p.Phase == PartitionPhase.Reading && p.Watermarks.Min(w => w.Watermark) is > SideWatermarks.None and var watermark && aligned < WatermarkAlignment.NoLimit && watermark > aligned + drift)
            .ToDictionary(p => (p.Topic, p.Number), p => (aligned, p.BeganAt, p.Position));
        foreach (var (partition, was) in _ahead)
        {
            if (ahead.TryGetValue(partition, out var now) && now.aligned == was.Aligned && _highestAligned <= was.Aligned && now.BeganAt == was.BeganAt && now.Position > was.Position)
                throw new SimulationException($"{partition} is read from {was.Position} to {now.Position}, though it is ahead of {aligned} by more than {drift}");
        }

        _ahead = ahead;
        _highestAligned = aligned;
    }

    void NoteAligned()
    {
        if (World.Scenario.MaxDriftMs is not null)
            _highestAligned = Math.Max(_highestAligned, _driver.Router.OwnWatermark(((IRouterEnvironment)this).NowMs).Watermark);
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
