using System.Text;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>A node's real <see cref="Router"/> and the consumer under it: what the source, the committer and the router's stage do.</summary>
sealed class NodeRouter : IRouterEffects
{
    const int StepMs = 7, ChunkRecordsMax = 6, RevokeMs = 600;
    readonly Router _router;
    readonly RouterAddress _address;
    readonly SortedDictionary<PartitionId, ReadPartition> _reading = [];
    readonly List<RevokedPartitions> _revoked = [];
    readonly SortedDictionary<PartitionId, PartitionOffset> _commits = [];
    Member? _member;
    int _generation;
    long _messagesInParts;
    long _nextCommitMs;
    long _noticesAtMs = -1;

    internal NodeRouter(Node node)
    {
        Node = node;
        _address = new RouterAddress(node, node.Incarnation);
        var scenario = World.Scenario;
        _router = new Router(
            new RouterSettings(scenario.Definition.KeyGroups, scenario.Streams.MaxOutOfOrdernessMs, scenario.Flow), World.SidesOf, this);
    }

    internal Node Node { get; }

    internal Router Router => _router;

    internal Member? Member => _member;

    /// <summary>Partitions that are assigned.</summary>
    internal int Partitions => _reading.Count;

    /// <summary>Whether all that has arrived of its partitions is read, journaled by every key group and out.</summary>
    internal bool IsDone => _router.IsCovered && _reading.All(r => r.Value.Reads && r.Value.Position == World.Broker.End(r.Key));

    SimulatedWorld World => Node.World;

    internal void Start()
    {
        _member = World.Consumers.Join(this);
        Node.After(StepMs, Step);
    }

    internal void Receive(object message)
    {
        switch (message)
        {
            case GroupAck ack:
                _router.Acknowledged(ack, Node.ClockMs);
                break;
            case GroupGap gap:
                World.History.Note(Node.Number, gap.Group, "hears of a gap of {0} at {1}", ConsumerGroup.Number(gap.Partition), gap.CoveredThrough);
                _router.Gap(gap, Node.ClockMs);
                break;
        }
    }

    /// <summary>Partitions go to others, with the router's word or without.</summary>
    internal void Revoke(Member member, List<PartitionId> partitions, Action done)
    {
        if (member != _member || member.Gone)
            return;
        var leaving = partitions.Where(_reading.ContainsKey).Select(p => (
            Partition: new TopicPartitionGeneration(BrokerModel.Topic(p), p.Partition, _reading[p].Generation),
            Left: new TaskCompletionSource<long>())).ToList();
        foreach (var partition in partitions)
            _reading.Remove(partition);
        World.History.Note(Node.Number, -1, "{0} partitions are revoked", partitions.Count);
        var revoked = new RevokedPartitions(leaving, World.Schedule.Now + (World.Faulty && World.Random.Next(4) == 0 ? 0 : RevokeMs), done);
        _revoked.Add(revoked);
        _router.Revoked(leaving, Node.ClockMs);
        EndRevocations();
    }

    /// <summary>A generation begins, and partitions come.</summary>
    internal void Assign(Member member, int generation, List<PartitionId> partitions)
    {
        if (member != _member || member.Gone)
            return;
        member.Generation = generation;
        if (partitions.Count == 0)
            return;
        _router.Assigned([.. partitions.Select(Begin)], Node.ClockMs);
    }

    internal string Describe() => string.Join(", ", _router.Status().Partitions.Select(p =>
        $"{p.Topic}/{p.Number} {p.Phase} at {p.Position} of {World.Broker.End(BrokerModel.Id(p.Topic, p.Number))}, covered {p.CoveredByAll}"));

    // Parts are far smaller than in life, where few messages need them.
    void IRouterEffects.Send(IGroupMessage message)
    {
        if (message is not Deliver deliver || deliver.Batches.Length <= World.Scenario.PartBytesMax)
        {
            World.Network.Send(Node, message, _address);
            return;
        }

        _messagesInParts++;
        var parts = deliver.Batches.Chunk(World.Scenario.PartBytesMax).ToList();
        for (var i = 0; i < parts.Count; i++)
            World.Network.Send(Node, new DeliverPart(deliver.Group, _messagesInParts, i, parts.Count, parts[i]), _address);
    }

    void IRouterEffects.SendToAll(NodeTicks ticks) => World.Network.SendToAll(Node, ticks, _address);

    void IRouterEffects.Begin(string topic, int partition, int generation, long offset)
    {
        if (Find(topic, partition, generation) is { } reading)
            reading.Begin(generation, offset);
    }

    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset)
    {
        if (Find(topic, partition, generation) is not { } reading)
            return -1;
        World.History.Note(Node.Number, -1, "reads {0} again from {1}", ConsumerGroup.Number(BrokerModel.Id(topic, partition)), offset);
        reading.Begin(++_generation, offset);
        return _generation;
    }

    void IRouterEffects.Release(string topic, int partition, int generation, long bytes)
    {
        if (Find(topic, partition, generation) is { } reading)
            reading.InFlight -= bytes;
    }

    void IRouterEffects.Commit(PartitionOffset offset) => _commits[BrokerModel.Id(offset.Topic, offset.Partition)] = offset;

    void IRouterEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) => World.Broker.Produce(
        Node,
        () =>
        {
            foreach (var letter in letters)
                World.Broker.WriteDeadLetter(BrokerModel.Id(letter.Topic, letter.Partition), letter.Offset);
        },
        () => _router.DeadLettersWritten(partition, generation, Node.ClockMs));

    void IRouterEffects.JournalIsBehind(string topic, int partition, long committed, long covered) =>
        throw new SimulationException($"{topic}/{partition}: the journal is said to be behind at {covered}, committed is {committed}");

    void IRouterEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered)
    {
    }

    void IRouterEffects.Fail(Exception reason) => throw new SimulationException("the router gives up: " + reason.Message, reason);

    ReadPartition? Find(string topic, int partition, int generation) =>
        _reading.TryGetValue(BrokerModel.Id(topic, partition), out var reading) && reading.Generation == generation ? reading : null;

    PartitionStart Begin(PartitionId partition)
    {
        var committed = World.Broker.Committed(partition);
        _reading[partition] = new ReadPartition(++_generation);
        World.History.Note(Node.Number, -1, "partition {0} begins at {1}", ConsumerGroup.Number(partition), committed);
        return new PartitionStart(
            BrokerModel.Topic(partition), partition.Partition, _generation, committed, true, World.Broker.Start(partition),
            World.Broker.End(partition), World.Scenario.Counts[(int)partition.Side]);
    }

    void Step()
    {
        NoticeExpulsion();
        for (var i = World.Random.Next(1, 4); i > 0; i--)
            ReadSome();
        _router.Flushing = !World.Faulty && World.FlushesAtEnd;
        _router.TimePassed(Node.ClockMs);
        EndRevocations();
        if (World.Schedule.Now >= _nextCommitMs)
            SendCommits();
        Node.After(StepMs, Step);
    }

    // A consumer whose session is over hears of it with one of its next requests, and joins anew.
    void NoticeExpulsion()
    {
        if (_member is not { Gone: true })
            return;
        if (_noticesAtMs < 0)
            _noticesAtMs = World.Schedule.Now + World.Random.Next(0, 500);
        if (World.Schedule.Now < _noticesAtMs)
            return;
        _noticesAtMs = -1;
        World.History.Note(Node.Number, -1, "notices that its partitions are lost");
        _router.Lost([.. _reading.Select(r => new TopicPartitionGeneration(BrokerModel.Topic(r.Key), r.Key.Partition, r.Value.Generation))]);
        _router.Lost([.. _revoked.SelectMany(r => r.Leaving).Select(l => l.Partition)]);
        _reading.Clear();
        _revoked.Clear();
        _commits.Clear();
        _member = World.Consumers.Join(this);
    }

    void ReadSome()
    {
        if (_reading.Count == 0)
            return;
        var (id, partition) = _reading.ElementAt(World.Random.Next(_reading.Count));
        var end = World.Broker.End(id);
        var count = (int)Math.Min(World.Random.Next(1, ChunkRecordsMax + 1), end - partition.Position);
        if (!partition.Reads || partition.InFlight >= World.Scenario.Flow.PartitionInFlightBytesMax || count <= 0)
            return;
        var chunk = Chunk(id, partition, count, partition.Position + count == end);
        partition.Position += count;
        partition.InFlight += chunk.Credit;
        _router.Chunk(chunk, Node.ClockMs);
    }

    RecordChunk Chunk(PartitionId id, ReadPartition partition, int count, bool atEnd)
    {
        var buffer = new List<byte>();
        var records = new ChunkRecord[count];
        for (var i = 0; i < count; i++)
        {
            var value = Encoding.UTF8.GetBytes(World.Broker.Read(id, partition.Position + i).Record?.Name ?? "poison");
            records[i] = new ChunkRecord
            {
                Offset = partition.Position + i,
                TimestampMs = partition.Position + i,
                KeyLength = -1,
                ValueStart = buffer.Count,
                ValueLength = value.Length,
            };
            buffer.AddRange(value);
        }

        return new RecordChunk
        {
            Topic = BrokerModel.Topic(id),
            Partition = id.Partition,
            Generation = partition.Generation,
            From = partition.Position,
            To = partition.Position + count,
            AtEnd = atEnd,
            IsLast = atEnd || World.Random.Next(2) == 0,
            Buffer = [.. buffer],
            Records = records,
            Count = count,
            Length = buffer.Count,
        };
    }

    void EndRevocations()
    {
        foreach (var revoked in _revoked.Where(r => r.IsOver(World.Schedule.Now)).ToList())
        {
            _revoked.Remove(revoked);
            foreach (var (partition, left) in revoked.Leaving)
            {
                if (left.Task is { IsCompletedSuccessfully: true, Result: >= 0 and var offset })
                    World.Consumers.Commit(_member!, _member!.Generation, BrokerModel.Id(partition.Topic, partition.Partition), offset);
            }

            _router.Lost([.. revoked.Leaving.Select(l => l.Partition)]);
            revoked.Done();
        }
    }

    // What is refused or not answered waits for the next request, as long as the partition is here.
    void SendCommits()
    {
        _nextCommitMs = World.Schedule.Now + World.Scenario.Flow.CommitIntervalMs;
        var member = _member!;
        foreach (var (id, offset) in _commits.ToList())
        {
            _commits.Remove(id);
            if (Find(offset.Topic, offset.Partition, offset.Generation) is null)
                continue;
            var generation = member.Generation;
            World.Schedule.After(World.Random.Next(1, 20), () =>
            {
                if (!World.Consumers.Commit(member, generation, id, offset.Offset))
                    Node.AfterAs(_address.Incarnation, 5, () => _commits.TryAdd(id, offset));
            });
        }
    }
}
