using System.Text;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// A node's consumer: the real <see cref="Assignment"/>, <see cref="OffsetCommitter"/>, <see cref="ChunkHandover"/> and <see cref="ConsumedPartition"/>. What
/// librdkafka and ChunkPoller do around them, callbacks and chunks, is done here.
/// </summary>
sealed class NodeConsumer : IGroupBroker, IAssignmentListener
{
    const int ChunkRecordsMax = 6, RevokeMs = 600, ChunksMax = 16;
    readonly Node _node;
    readonly RouterInbox _inbox;
    readonly ChunkHandover _handover;
    readonly OffsetCommitter _committer;
    readonly Assignment _assignment;
    readonly List<LeavingCall> _leaving = [];
    Action? _revoked;

    internal NodeConsumer(Node node, RouterInbox inbox)
    {
        _node = node;
        _inbox = inbox;
        var flow = World.Scenario.Flow;
        var settings = new ConsumerSettings
        {
            GroupId = "group",
            BootstrapServers = "none",
            CommitIntervalMs = flow.CommitIntervalMs,
            PartitionInFlightBytesMax = flow.PartitionInFlightBytesMax,
            StartAtEarliest = World.Scenario.StartsAtEarliest,
        };
        _handover = new ChunkHandover(flow.PartitionInFlightBytesMax, ChunksMax);
        _committer = new OffsetCommitter(settings, _handover, NoLogger.Instance, node.Time());
        var subscription = new AutoSubscription(World.Scenario.IsSelfJoin ? ["left"] : ["left", "right"], null) { Sources = Sources() };
        _assignment = new Assignment(settings, subscription, this, _handover, _committer, NoLogger.Instance, node.Time());
        _committer.Attach(this);
        _assignment.Attach(this);
    }

    internal Member? Member { get; set; }

    internal IChunkControl Control => _handover;

    /// <summary>Partitions that are assigned.</summary>
    internal int Partitions => _assignment.Partitions.Count;

    /// <summary>Whether all that has arrived of its partitions is read.</summary>
    internal bool IsAtEnd => _assignment.Partitions.All(p => p.IsReading && p.Position == World.Broker.End(Id(p)));

    SimulatedWorld World => _node.World;

    /// <summary>Partitions go to others, with the router's word or without.</summary>
    internal void Revoke(List<PartitionId> partitions, Action done)
    {
        World.History.Note(_node.Number, -1, "{0} partitions are revoked", partitions.Count);
        _revoked = done;
        _assignment.OnRevoked(partitions.ConvertAll(Key));

        // Where none of them was here, nobody waits.
        _revoked?.Invoke();
        _revoked = null;
        EndRevocations();
    }

    /// <summary>Partitions come.</summary>
    internal void Assign(List<PartitionId> partitions) => _assignment.OnAssigned(partitions.ConvertAll(Key));

    /// <summary>The session is over: what it had is lost.</summary>
    internal void Lose()
    {
        foreach (var call in _leaving)
            _inbox.FinishRevocation(call.Leaving, call.Commit);
        _leaving.Clear();
        _assignment.OnLost([.. _assignment.Partitions.Select(p => Key(Id(p)))]);
    }

    /// <summary>A round of the consumer's thread.</summary>
    internal void Round()
    {
        _assignment.ThrowIfFailed();
        _assignment.ThrowIfOutOfRange();
        EndRevocations();
        _committer.Advance(_assignment.Partitions);
        _assignment.TellCommitted();
        foreach (var partition in _assignment.Partitions)
        {
            partition.LearnTarget(_handover, World.Schedule.Now);
            partition.TryStartReading(Seek);
        }

        for (var i = World.Random.Next(1, 4); i > 0; i--)
            ReadSome();
    }

    /// <summary>The next chunk that was offered.</summary>
    internal bool TryDequeue(out RecordChunk chunk) => _handover.TryDequeue(out chunk);

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Committed(IReadOnlyCollection<TopicPartition> partitions) =>
        partitions.ToDictionary(p => p, p => World.Broker.Committed(Id(p)));

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Starts(IReadOnlyCollection<TopicPartition> partitions) =>
        partitions.ToDictionary(p => p, p => World.Broker.Start(Id(p)));

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
        partitions.ToDictionary(p => p, p => World.Broker.End(Id(p)));

    IReadOnlyList<TopicInfo> IGroupBroker.Describe(IReadOnlyCollection<string> topics) =>
        [.. topics.Select(t => new TopicInfo(t, World.Broker.Count(t == "left" ? Side.Left : Side.Right), ""))];

    IOffsetCommit IGroupBroker.Commit(IReadOnlyCollection<PartitionOffset> offsets) => new CommitRequest(World, Member!, offsets);

    void IAssignmentListener.Assigned(IReadOnlyList<PartitionStart> starts)
    {
        foreach (var start in starts)
            World.History.Note(
                _node.Number,
                -1,
                "partition {0} begins at {1}",
                ConsumerGroup.Number(BrokerModel.Id(start.Topic, start.Partition)),
                start.CommittedOffset);
        _inbox.Assigned(starts);
    }

    void IAssignmentListener.Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        var done = _revoked!;
        _revoked = null;
        if (_inbox.StartRevocation(partitions) is { } leaving)
            _leaving.Add(
                new LeavingCall(leaving, commit, World.Schedule.Now + (World.Faulty && World.Random.Next(4) == 0 ? 0 : RevokeMs), done));
        else
            done();
    }

    void IAssignmentListener.Lost(IReadOnlyList<TopicPartitionGeneration> partitions) => _inbox.Lost(partitions);

    SourceTopics Sources() => new(new Dictionary<string, string>())
    {
        Origins = new PartitionOrigins(World.Catalog, "join"),
        PartitionsAtBeginning = new Dictionary<string, int>
        {
            ["left"] = World.Scenario.CountsAtBeginning[0],
            ["right"] = World.Scenario.CountsAtBeginning[1],
        },
    };

    static PartitionId Id(TopicPartition partition) => BrokerModel.Id(partition.Topic, partition.Partition.Value);

    static PartitionId Id(ConsumedPartition partition) => BrokerModel.Id(partition.Topic, partition.Partition);

    static TopicPartition Key(PartitionId partition) => new(BrokerModel.Topic(partition), partition.Partition);

    void EndRevocations()
    {
        foreach (var call in _leaving.Where(l => l.IsOver(World.Schedule.Now)).ToList())
        {
            _leaving.Remove(call);
            _inbox.FinishRevocation(call.Leaving, call.Commit);
            call.Done();
        }
    }

    // A partition that came a moment ago cannot seek yet.
    bool Seek(ConsumedPartition partition)
    {
        if (World.Faulty && World.Random.Next(8) == 0)
            return false;
        World.History.Note(_node.Number, -1, "reads {0} from {1}", ConsumerGroup.Number(Id(partition)), partition.RequestedOffset);
        World.Broker.BeginsToRead(Id(partition), partition.RequestedOffset);
        return true;
    }

    void ReadSome()
    {
        if (_assignment.Partitions.Count == 0)
            return;
        var partition = _assignment.Partitions[World.Random.Next(_assignment.Partitions.Count)];
        var end = World.Broker.End(Id(partition));
        var count = (int)Math.Min(World.Random.Next(1, ChunkRecordsMax + 1), end - partition.Position);
        var isGone = partition.IsReading && partition.Position < World.Broker.Start(Id(partition));
        if (isGone)
            _assignment.OutOfRange(partition);
        if (!partition.IsReading || isGone || _handover.IsOverLimit(partition) || count <= 0 || !_handover.HasRoom)
            return;
        var chunk = Chunk(partition, count, partition.Position + count == end);
        partition.Advance(partition.Position + count);
        _handover.Offer(partition, chunk);
    }

    RecordChunk Chunk(ConsumedPartition partition, int count, bool atEnd)
    {
        var buffer = new List<byte>();
        var records = new ChunkRecord[count];
        for (var i = 0; i < count; i++)
        {
            var value = Encoding.UTF8.GetBytes(World.Broker.Read(Id(partition), partition.Position + i).Value);
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
            Topic = partition.Topic,
            Partition = partition.Partition,
            Generation = partition.ReadGeneration,
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
}
