using System.Buffers;
using System.Text;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>
/// One node made of a seed: partitions as lists, the real router, the real key groups with journals as lists, a network between them that
/// loses, doubles and reorders, a broker that confirms in any order, rebalances, and crashes of key groups and of the whole node.
/// </summary>
sealed class SimulatedWorld : IRouterEffects
{
    const int Groups = 3, ChunkRecordsMax = 5;
    readonly Random _random;
    readonly JoinDefinition _definition;
    readonly Dictionary<(string Topic, int Partition), List<string>> _logs;
    readonly Dictionary<(string Topic, int Partition), long> _committed = [];
    readonly Dictionary<(string Topic, int Partition), (int Generation, long Position, bool Reading)> _reading = [];
    readonly List<(int Group, object Message)> _toGroups = [];
    readonly List<object> _toRouter = [];
    readonly List<SentOutputs> _toConfirm = [];
    readonly List<(SourcePartition Partition, int Generation)> _deadLetters = [];
    readonly List<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Left)> _leaving = [];
    readonly List<(string Topic, int Partition)> _away = [];
    readonly GroupWithJournal[] _groups = new GroupWithJournal[Groups];
    Router _router = null!;
    int _generation;
    long _now = 1_000;

    internal SimulatedWorld(int seed, JoinDefinition definition, Dictionary<(string Topic, int Partition), List<string>> logs)
    {
        _random = new Random(seed);
        _definition = definition;
        _logs = logs;
        for (var i = 0; i < Groups; i++)
            _groups[i] = new GroupWithJournal(i, definition, this);
        StartNode();
    }

    /// <summary>Every output that ever went out, by id.</summary>
    internal Dictionary<string, (RowKind Kind, string Value)> Outputs { get; } = [];

    /// <summary>Faults that happened.</summary>
    internal int Faults { get; private set; }

    internal SideLedger Ledger(Side side) => _groups.Aggregate(default(SideLedger), (sum, g) => sum + g.Group.Join!.Ledger(side));

    /// <summary>Runs with faults, then without until everything is read, journaled, closed and out.</summary>
    internal void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
            Step(faults: true);
        _leaving.ToList().ForEach(Leave);
        ComeBack(_away.Count);
        _router.Flushing = true;
        for (var i = 0; i < 20_000 && !(_router.IsCovered && ReadAll()); i++)
            Step(faults: false);
        if (!(_router.IsCovered && ReadAll()))
            throw new InvalidOperationException("the world does not come to rest: " + Describe());
        Close();
    }

    string Describe() =>
        string.Join("; ", _router.Status().Partitions.Select(p => $"{p.Topic}/{p.Number} {p.Phase} at {p.Position}, covered {p.CoveredByAll}"))
        + $"; in flight {_router.Status().BytesInFlight}, to confirm {_toConfirm.Count}; "
        + string.Join("; ", _groups.Select(g => $"group {g.Group.Number} at {g.Group.Sequence}, confirmed {g.Group.ConfirmedThrough}, idle {g.Group.Idle}, covers {string.Join(',', g.Group.Clocks.Known)}"));

    void IRouterEffects.Send(IGroupMessage message) => _toGroups.Add((message.Group, message));

    void IRouterEffects.SendToAll(NodeTicks ticks)
    {
        foreach (var group in _groups)
            _toGroups.Add((group.Group.Number, new DeliverTicks(group.Group.Number, ticks.Ticks, ticks.Flush)));
    }

    void IRouterEffects.Begin(string topic, int partition, int generation, long offset) =>
        _reading[(topic, partition)] = (generation, offset, true);

    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset)
    {
        if (_reading[(topic, partition)].Generation != generation)
            return -1;
        _reading[(topic, partition)] = (++_generation, offset, true);
        return _generation;
    }

    void IRouterEffects.Release(string topic, int partition, int generation, long bytes)
    {
    }

    void IRouterEffects.Commit(PartitionOffset offset)
    {
        // What every group has journaled at this moment is what the commit claims.
        foreach (var group in _groups)
        {
            var side = offset.Topic == "left" ? Side.Left : Side.Right;
            var covered = group.JournaledThrough(new PartitionId(side, 0, offset.Partition));
            if (covered < offset.Offset)
                throw new InvalidOperationException($"offset {offset} is committed, but key group {group.Group.Number} has journaled {covered}");
        }

        _committed[(offset.Topic, offset.Partition)] = Math.Max(offset.Offset, _committed[(offset.Topic, offset.Partition)]);
    }

    void IRouterEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        _deadLetters.Add((partition, generation));

    // A gap that was named to an earlier assignment and answers a new one: the partition is read from further below than it had to be.
    void IRouterEffects.JournalIsBehind(string topic, int partition, long committed, long covered) => Faults++;

    void IRouterEffects.Fail(Exception reason) => throw reason;

    void Step(bool faults)
    {
        _now += 10;
        if (faults && _random.Next(40) == 0)
            CrashGroup();
        if (faults && _random.Next(150) == 0)
            CrashNode();
        if (faults && _random.Next(30) == 0)
            Rebalance();
        switch (_random.Next(6))
        {
            case 0:
                ReadSome();
                break;
            case 1:
                Deliver(_toGroups, faults, m => _groups[m.Group].Receive(m.Message));
                break;
            case 2:
                Deliver(_toRouter, faults, Answer);
                break;
            case 3:
                _groups[_random.Next(Groups)].Work(_random);
                break;
            case 4:
                ConfirmOne();
                break;
            default:
                if (_deadLetters.Count > 0)
                    WriteDeadLetter();
                _router.TimePassed(_now);
                break;
        }
    }

    void Answer(object message)
    {
        if (message is GroupAck ack)
            _router.Acknowledged(ack, _now);
        else if (message is GroupGap gap)
            _router.Gap(gap, _now);
    }

    void Deliver<T>(List<T> queue, bool faults, Action<T> receive)
    {
        if (!faults)
        {
            var all = queue.ToList();
            queue.Clear();
            all.ForEach(receive);
            return;
        }

        for (var i = 0; i < 4 && queue.Count > 0; i++)
            DeliverOne(queue, receive);
    }

    void DeliverOne<T>(List<T> queue, Action<T> receive)
    {
        var index = _random.Next(4) == 0 ? _random.Next(queue.Count) : 0;
        var message = queue[index];
        var fate = _random.Next(12);
        if (fate != 0)
            queue.RemoveAt(index);
        else
            Faults++; // doubled: it stays in the queue
        if (fate == 1)
            Faults++; // lost
        else
            receive(message);
    }

    void ReadSome()
    {
        var (key, (generation, position, reading)) = _reading.ElementAt(_random.Next(_reading.Count));
        if (!reading)
            return;
        var log = _logs[key];
        var count = (int)Math.Min(_random.Next(1, ChunkRecordsMax + 1), log.Count - position);
        if (count <= 0)
            return;
        _reading[key] = (generation, position + count, true);
        _router.Chunk(Chunk(key, generation, position, count, position + count == log.Count), _now);
    }

    static void AddRecord(List<byte> buffer, List<ChunkRecord> records, long offset, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        records.Add(new ChunkRecord { Offset = offset, TimestampMs = offset, KeyLength = -1, ValueStart = buffer.Count, ValueLength = bytes.Length });
        buffer.AddRange(bytes);
    }

    RecordChunk Chunk((string Topic, int Partition) key, int generation, long from, int count, bool atEnd)
    {
        var buffer = new List<byte>();
        var records = new List<ChunkRecord>();
        for (var i = 0; i < count; i++)
            AddRecord(buffer, records, from + i, _logs[key][(int)from + i]);
        return new RecordChunk
        {
            Topic = key.Topic,
            Partition = key.Partition,
            Generation = generation,
            From = from,
            To = from + count,
            AtEnd = atEnd,
            Buffer = [.. buffer],
            Records = [.. records],
            Count = count,
            Length = buffer.Count,
        };
    }

    void ConfirmOne()
    {
        if (_toConfirm.Count == 0)
            return;
        var index = _random.Next(_toConfirm.Count);
        var sent = _toConfirm[index];
        _toConfirm.RemoveAt(index);
        Write(sent);
        _groups[sent.Group].Confirm(sent.Sequence);
    }

    void WriteDeadLetter()
    {
        var (partition, generation) = _deadLetters[0];
        _deadLetters.RemoveAt(0);
        _router.DeadLettersWritten(partition, generation, _now);
    }

    // A partition goes, with or without a word, or one that went comes back; its last offset is committed in time or not.
    void Rebalance()
    {
        Faults++;
        if (_leaving.Count > 0 && _random.Next(2) == 0)
            Leave(_leaving[_random.Next(_leaving.Count)]);
        else if (_away.Count > 0 && _random.Next(2) == 0)
            ComeBack(_random.Next(1, _away.Count + 1));
        else
            Go(_logs.Keys.ElementAt(_random.Next(_logs.Count)), lost: _random.Next(2) == 0);
    }

    void Go((string Topic, int Partition) key, bool lost)
    {
        if (_away.Contains(key) || _leaving.Exists(l => (l.Partition.Topic, l.Partition.Partition) == key))
            return;
        var partition = new TopicPartitionGeneration(key.Topic, key.Partition, _reading[key].Generation);
        _reading[key] = (-1, 0, false);
        var leaving = (partition, new TaskCompletionSource<long>());
        _leaving.Add(leaving);
        if (lost)
            Leave(leaving);
        else
            _router.Revoked([leaving], _now);
    }

    void Leave((TopicPartitionGeneration Partition, TaskCompletionSource<long> Left) leaving)
    {
        var (topic, partition, generation) = leaving.Partition;
        if (leaving.Left.Task is { IsCompletedSuccessfully: true, Result: >= 0 and var offset })
            ((IRouterEffects)this).Commit(new PartitionOffset(topic, partition, generation, offset));
        _router.Lost([leaving.Partition]);
        _leaving.Remove(leaving);
        _away.Add((topic, partition));
    }

    void ComeBack(int count)
    {
        var back = _away.Take(count).ToList();
        _away.RemoveRange(0, count);
        _router.Assigned(back.ConvertAll(Start), _now);
    }

    void CrashGroup()
    {
        Faults++;
        Crash(_random.Next(Groups));
    }

    void CrashNode()
    {
        Faults++;
        _toGroups.Clear();
        _toRouter.Clear();
        _deadLetters.Clear();
        for (var group = 0; group < Groups; group++)
            Crash(group);
        StartNode();
    }

    // What was on its way to the broker is written or lost, by chance; nobody is told.
    void Crash(int group)
    {
        foreach (var sent in _toConfirm.Where(s => s.Group == group && _random.Next(2) == 0))
            Write(sent);
        _toConfirm.RemoveAll(s => s.Group == group);
        _groups[group].Restart();
    }

    void Write(SentOutputs sent)
    {
        var reader = OutputEncoding.Read(sent.Bytes);
        while (reader.MoveNext())
        {
            var id = $"{sent.JournalId}-{sent.Group}-{sent.Sequence}-{reader.Index}";
            var row = (reader.Kind, Encoding.UTF8.GetString(reader.Value));
            if (Outputs.TryGetValue(id, out var known) && known != row)
                throw new InvalidOperationException($"the id {id} names {known} and {row}");
            Outputs[id] = row;
        }
    }

    void StartNode()
    {
        var flow = new FlowSettings { LingerMs = 20, BatchBytesMax = 600, GroupInFlightMax = 2, ResendAfterMs = 500, TickIntervalMs = 50, CommitIntervalMs = 100 };
        _router = new Router(new RouterSettings(Groups, 1_000_000, flow), Sides, this);
        _reading.Clear();
        _leaving.Clear();
        _away.Clear();
        _router.Assigned([.. _logs.Keys.Select(Start)], _now);
    }

    PartitionStart Start((string Topic, int Partition) key)
    {
        var committed = _committed.TryGetValue(key, out var offset) ? offset : _committed[key] = 0;
        _reading[key] = (++_generation, committed, false);
        return new PartitionStart(key.Topic, key.Partition, _generation, committed, true, 0, _logs[key].Count, 2);
    }

    static IReadOnlyList<RouteSide> Sides(string topic) => [new RouteSide(topic == "left" ? Side.Left : Side.Right, 0, new TextDecoder())];

    bool ReadAll() => _reading.All(r => r.Value.Reading && r.Value.Position == _logs[r.Key].Count);

    void Close()
    {
        foreach (var group in _groups)
            group.Receive(new CloseTime(group.Group.Number, TimeLimits.Max, TimeLimits.Max));
        for (var i = 0; i < 10_000 && _groups.Any(g => !g.Group.Idle); i++)
        {
            _groups[i % Groups].Work(_random);
            ConfirmOne();
        }
    }

    /// <summary>A key group, its journal and its newest snapshot: what its shell would keep in the database.</summary>
    internal sealed class GroupWithJournal(int number, JoinDefinition definition, SimulatedWorld world)
    {
        readonly List<byte[]> _journal = [];
        byte[]? _snapshot;
        byte[]? _persisting;

        internal KeyGroup Group { get; private set; } = New(number, definition);

        internal long JournaledThrough(PartitionId partition) => Group.Clocks.CoveredThrough(partition);

        internal void Receive(object message)
        {
            switch (message)
            {
                case Deliver m:
                    Group.Offer(m, this);
                    break;
                case DeliverTicks m:
                    Group.Offer(m, this);
                    break;
                case CloseTime m:
                    Group.Offer(m, this);
                    break;
            }

            SendReplies();
        }

        /// <summary>Persists what waits, or completes what is being persisted.</summary>
        internal void Work(Random random)
        {
            if (_persisting is null)
            {
                if (random.Next(10) == 0)
                    Group.FlushIfStale();
                _persisting = Group.NextEvent();
                return;
            }

            // Durable now; a crash before this line loses the event, one after it does not.
            _journal.Add(_persisting);
            var bytes = _persisting;
            _persisting = null;
            Emit(Group.Apply(_journal.Count, bytes));
            Group.AnswerConfirmed();
            SendReplies();
            if (random.Next(8) == 0)
                _snapshot = Group.TakeSnapshot();
        }

        internal void Confirm(long sequence)
        {
            Group.Confirm(sequence);
            SendReplies();
        }

        /// <summary>A crash: what is in memory is gone. Whether an event under way became durable is chance.</summary>
        internal void Restart()
        {
            if (_persisting is not null && world._random.Next(2) == 0)
                _journal.Add(_persisting);
            _persisting = null;
            Group = New(number, definition);
            if (_snapshot is not null)
                Group.Restore(_snapshot);
            for (var sequence = (int)Group.Sequence + 1; sequence <= _journal.Count; sequence++)
                Group.Apply(sequence, _journal[sequence - 1]);
            Group.Recovered();
            foreach (var outputs in Group.Unconfirmed)
                Emit(outputs.Sequence, outputs.JournalId, outputs.Bytes);
        }

        static KeyGroup New(int number, JoinDefinition definition) =>
            WithDefinition(new KeyGroup(number, definition, "j", _ => new TextRowWriter(), new KeyGroupLimits(EventBytesMax: 2_000)));

        static KeyGroup WithDefinition(KeyGroup group)
        {
            group.Recovered();
            return group;
        }

        void Emit(byte[] outputs)
        {
            if (outputs.Length > 0)
                Emit(Group.Sequence, Group.JournalId, outputs);
        }

        void Emit(long sequence, string journalId, byte[] outputs) =>
            world._toConfirm.Add(new SentOutputs(number, sequence, journalId, outputs));

        void SendReplies()
        {
            foreach (var reply in Group.Replies)
                world._toRouter.Add(reply.Message);
            Group.Replies.Clear();
        }
    }

    /// <summary>Outputs on their way to the broker.</summary>
    sealed record SentOutputs(int Group, long Sequence, string JournalId, byte[] Bytes);

    /// <summary>Rows as "left|right", by value.</summary>
    sealed class TextRowWriter : IRowWriter
    {
        public void Write(in JoinRow row, IBufferWriter<byte> output)
        {
            if (row.HasLeft)
                output.Write(row.Left.Value);
            output.Write("|"u8);
            if (row.HasRight)
                output.Write(row.Right.Value);
        }
    }
}
