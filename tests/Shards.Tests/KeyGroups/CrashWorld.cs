using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

/// <summary>
/// One key group with a journal and a broker, and senders that lose, repeat, cut anew and reorder their batches. The group dies at any
/// point and is made again from the newest snapshot and the events behind it. Rows lie in a producer's queue before they are in the log; a
/// crash loses the queue's end. In half of the worlds a group that was made again looks for its rows in the log first. Checks what must
/// hold at every moment.
/// </summary>
sealed class CrashWorld
{
    const string Sender = "sender";

    readonly Random _random;
    readonly JoinDefinition _definition;
    readonly Dictionary<PartitionId, List<TestRecord>> _sources;
    readonly List<byte[]> _journal = [];
    readonly Dictionary<string, string> _broker = [];
    readonly List<(string Id, string Row)> _log = [];
    readonly Queue<(string Id, string Row)> _queue = new();
    readonly bool _tail;
    readonly SortedSet<long> _unconfirmed = [];
    readonly Dictionary<long, Dictionary<PartitionId, long>> _coverage = [];
    (long Sequence, byte[] Bytes)? _snapshot;
    KeyGroup _group;

    internal CrashWorld(Random random, JoinDefinition definition, List<TestRecord> records)
    {
        _random = random;
        _definition = definition;
        _tail = random.Next(2) == 0;
        _sources = records.GroupBy(r => new PartitionId(r.Side, 0, r.Partition))
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Offset).ToList());
        _coverage[0] = [];
        _group = Recover();
    }

    /// <summary>The rows that the broker has, each output id once.</summary>
    internal IEnumerable<string> Rows => _broker.Values;

    internal void Step()
    {
        Produce(_random.Next(_queue.Count + 1));
        switch (_random.Next(10))
        {
            case < 4:
                Send();
                break;
            case 4:
                Tick();
                break;
            case 5 or 6:
                Event(crashes: true);
                break;
            case 7 when _unconfirmed.Count > 0:
                Confirm(_unconfirmed.ElementAt(_random.Next(_unconfirmed.Count)));
                break;
            case 8 when _group.Definition is not null:
                LearnPositions();
                _snapshot = (_group.Sequence, _group.TakeSnapshot());
                break;
            case 9 when _random.Next(3) == 0:
                _group = Recover();
                break;
        }

        CheckReplies();
    }

    /// <summary>Everything arrives, all rows are acknowledged, time ends.</summary>
    internal void Finish()
    {
        foreach (var id in _sources.Keys)
        {
            while (Applied(id) < End(id))
            {
                Offer(id, Math.Max(0, Applied(id)), End(id));
                Settle();
            }
        }

        _group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), Sender);
        Settle();
        _group.FlushIfStale();
        Settle();
        Assert.True(_group.Idle);
    }

    /// <summary>The state equals that of a group which never died.</summary>
    internal void CheckAgainstReplay()
    {
        var replay = New();
        replay.Produced = _group.Produced;
        var rows = new List<string>();
        for (var i = 0; i < _journal.Count; i++)
        {
            rows.AddRange(TestKeyGroup.Read(replay.Apply(i + 1, _journal[i])));
            replay.Confirm(i + 1);
        }

        Assert.Equal(rows.Order(StringComparer.Ordinal), Rows.Order(StringComparer.Ordinal));
        Assert.Equal(replay.TakeSnapshot(), _group.TakeSnapshot());
    }

    KeyGroup New() => new(0, _definition, Incarnations.Of(_random), _ => new TestRowWriter(), new KeyGroupLimits(EventBytesMax: 300));

    KeyGroup Recover()
    {
        Produce(_random.Next(_queue.Count + 1));
        _queue.Clear();
        var group = New();
        if (_snapshot is { } snapshot)
            group.Restore(snapshot.Bytes);
        for (var sequence = group.Sequence + 1; sequence <= _journal.Count; sequence++)
            group.Apply(sequence, _journal[(int)sequence - 1]);
        group.Recovered();
        _unconfirmed.Clear();
        foreach (var outputs in group.Unconfirmed)
        {
            _unconfirmed.Add(outputs.Sequence);
            HandOut(outputs.Incarnation, outputs.Sequence, outputs.Bytes, Written(group));
        }

        return group;
    }

    // The ids in the log from where the group begins to look. None of its unconfirmed rows lies below.
    HashSet<string> Written(KeyGroup group)
    {
        if (!_tail)
            return [];
        var from = (int)group.OutputsFrom!.Rows[0];
        var prefixes = group.Unconfirmed.Select(o => $"{o.Incarnation}-0-{o.Sequence}-").ToList();
        Assert.DoesNotContain(_log.Take(from), entry => prefixes.Exists(p => entry.Id.StartsWith(p, StringComparison.Ordinal)));
        return [.. _log.Skip(from).Select(entry => entry.Id)];
    }

    // A node knows of the log what was acknowledged to it: any earlier end is as true.
    void LearnPositions()
    {
        if (_tail)
            _group.Produced = new OutputPositions(1, [_random.NextInt64(_group.Produced?.Rows[0] ?? 0, _log.Count + 1)], []);
    }

    void Send()
    {
        var id = RandomSource();
        var end = End(id);
        var covered = Math.Max(0, Applied(id));
        var from = _random.NextInt64(0, Math.Min(end, covered + 2) + 1);
        if (Applied(id) < 0)
            from = 0; // a sender's first batch begins where it began to read
        Offer(id, from, Math.Min(end, from + _random.Next(1, 5)));
    }

    void Offer(PartitionId id, long from, long to)
    {
        if (from >= to)
            return;
        var middle = _random.NextInt64(from + 1, to + 1);
        byte[] bytes = [.. Batch(id, from, middle), .. middle < to ? Batch(id, middle, to) : []];
        var before = _group.Replies.Count;
        _group.Offer(new Deliver(0, bytes), Sender);
        if (_group.Replies.Skip(before).Select(reply => reply.Message).OfType<KeyGroupGap>().SingleOrDefault() is { } gap)
            Assert.True(gap.Partition == id && gap.ExpectedOffset < from);
    }

    byte[] Batch(PartitionId id, long from, long to)
    {
        var records = _sources[id].Where(r => r.Offset >= from && r.Offset < to).ToList();
        return new TestBatch(id.Side, id.Partition, TimelyStreams.Partitions, from, to, records, Watermark(id, to)).Encode();
    }

    // True for the records to come: none of them is late.
    long Watermark(PartitionId id, long to) =>
        _sources[id].Where(r => r.Offset >= to).Select(r => r.Time).DefaultIfEmpty(60).Min();

    // A tick speaks of what was acknowledged.
    void Tick()
    {
        var id = RandomSource();
        var through = Math.Max(0, AppliedOffsetsAt(Prefix).GetValueOrDefault(id));
        _group.Offer(
            new DeliverTicks(0, [new Tick(id, TimelyStreams.Partitions, 0, through, Watermark(id, through), 1)], _random.Next(2) == 0), Sender);
    }

    void Event(bool crashes)
    {
        LearnPositions();
        var bytes = _group.NextEvent();
        if (bytes is null)
            return;
        if (crashes && _random.Next(10) == 0)
        {
            _group = Recover();
            return;
        }

        _journal.Add(bytes);
        if (crashes && _random.Next(10) == 0)
        {
            _group = Recover();
            return;
        }

        var outputs = _group.Apply(_journal.Count, bytes);
        _coverage[_group.Sequence] = _group.Clocks.Known.ToDictionary(c => c.Key, c => c.Value.AppliedOffset);
        if (outputs.Length > 0)
            _unconfirmed.Add(_group.Sequence);
        _group.AnswerConfirmed();
        if (crashes && _random.Next(10) == 0)
        {
            _group = Recover();
            return;
        }

        HandOut(_group.IncarnationText, _group.Sequence, outputs, []);
    }

    void HandOut(string incarnation, long sequence, byte[] outputs, HashSet<string> written)
    {
        var rows = TestKeyGroup.Read(outputs);
        for (var i = 0; i < rows.Count; i++)
        {
            var id = $"{incarnation}-0-{sequence}-{i}";
            if (!written.Contains(id))
                _queue.Enqueue((id, rows[i]));
        }
    }

    void Produce(int count)
    {
        for (; count > 0; count--)
        {
            var (id, row) = _queue.Dequeue();
            var isThere = _broker.TryGetValue(id, out var earlier);
            Assert.Equal(row, isThere ? earlier : row);
            Assert.False(isThere && _tail, $"{id} twice");
            _broker[id] = row;
            _log.Add((id, row));
        }
    }

    void Confirm(long sequence)
    {
        Produce(_queue.Count);
        _unconfirmed.Remove(sequence);
        _group.Confirm(sequence);
    }

    void Settle()
    {
        do
        {
            Event(crashes: false);
            foreach (var sequence in _unconfirmed.ToList())
                Confirm(sequence);
            CheckReplies();
        }
        while (!_group.Idle);
    }

    long Prefix => _unconfirmed.Count > 0 ? _unconfirmed.Min - 1 : _group.Sequence;

    void CheckReplies()
    {
        foreach (var item in _group.Replies.Select(reply => reply.Message).OfType<KeyGroupAck>().SelectMany(ack => ack.Items))
            Assert.True(AppliedOffsetsAt(Prefix).GetValueOrDefault(item.Partition, -1) >= item.Offset, $"{item} acknowledged at {Prefix}");
        _group.Replies.Clear();
    }

    // An event that was journaled right before a crash was applied by the recovery alone.
    Dictionary<PartitionId, long> AppliedOffsetsAt(long sequence)
    {
        if (!_coverage.TryGetValue(sequence, out var coverage))
        {
            var replay = New();
            for (var i = 0; i < sequence; i++)
                replay.Apply(i + 1, _journal[i]);
            _coverage[sequence] = coverage = replay.Clocks.Known.ToDictionary(c => c.Key, c => c.Value.AppliedOffset);
        }

        return coverage;
    }

    PartitionId RandomSource() => _sources.Keys.ElementAt(_random.Next(_sources.Count));

    long Applied(PartitionId id) => _group.Clocks.AppliedOffset(id);

    long End(PartitionId id) => _sources[id][^1].Offset + 1;
}
