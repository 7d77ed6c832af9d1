using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// The events of a key group by brute force: trimming, watermarks and join each done anew, the rows compared event by event with those
/// that the broker has.
/// </summary>
sealed class EventReplay(SimulatedWorld world, GroupRecord group)
{
    // What the oracles take for minus infinity.
    const long Never = long.MinValue / 4;
    readonly JoinOracle _oracle = world.Scenario.Definition.Type == JoinType.Attribution
        ? new AttributionOracle(world.Scenario.Definition)
        : new PairOracle(world.Scenario.Definition);

    readonly long[] _covered = [.. world.Scenario.Partitions.Select(_ => -1L)];
    readonly long[] _watermarks = [.. world.Scenario.Partitions.Select(_ => Never)];

    // Partitions heard of.
    readonly int[] _counts = new int[2];

    /// <summary>The records that count, in the order in which they were applied.</summary>
    internal List<TestRecord> Records { get; } = [];

    /// <summary>Compares rows and, at the end, ledgers.</summary>
    internal void Judge(IntervalJoin? join)
    {
        var rows = world.Broker.Outputs.Rows.Where(r => r.Key.Group == group.Number && group.Holds(r.Key.Incarnation, r.Key.Sequence)).ToLookup(r => r.Key.Sequence, r => $"{r.Value.Value} {r.Value.Kind}");
        for (var i = 0; i < group.Events.Count; i++)
        {
            var expected = Apply(group.Events[i]).Order(StringComparer.Ordinal).ToList();
            var actual = rows[i + 1].Order(StringComparer.Ordinal).ToList();
            if (!expected.SequenceEqual(actual))
                throw new SimulationException($"event {i + 1} of key group {group.Number} gave [{string.Join("; ", actual)}], by brute force [{string.Join("; ", expected)}]");
        }

        foreach (var side in new[] { Side.Left, Side.Right })
            CompareLedgers(side, join?.Ledger(side) ?? default);
    }

    List<string> Apply(byte[] bytes)
    {
        var content = EventCodec.Read(bytes);
        foreach (var header in content.BatchStarts.Select(start => BatchHeader.Read(bytes.AsSpan(start))))
            HearOf(header.Side, header.PartitionCount);
        foreach (var tick in content.Ticks)
            HearOf(tick.Partition.Side, tick.PartitionCount);
        var records = new List<TestRecord>();
        foreach (var start in content.BatchStarts)
            records.AddRange(Trimmed(bytes, start));
        foreach (var start in content.BatchStarts)
        {
            var header = BatchHeader.Read(bytes.AsSpan(start));
            if (header.Watermark != BatchHeader.NoWatermark)
                Raise(world.IndexOf(header.PartitionId), header.Watermark);
        }

        foreach (var tick in content.Ticks)
        {
            Raise(world.IndexOf(tick.Partition), tick.Watermark);
            _covered[world.IndexOf(tick.Partition)] = Math.Max(_covered[world.IndexOf(tick.Partition)], tick.Through);
        }

        if (content.Raise is { } raise)
        {
            for (var i = 0; i < _watermarks.Length; i++)
                Raise(i, world.Scenario.Partitions[i].Side == Side.Left ? raise.Left : raise.Right);
        }

        Records.AddRange(records);
        return _oracle.Event(records, Lowest(Side.Left), Lowest(Side.Right));
    }

    List<TestRecord> Trimmed(byte[] bytes, int start)
    {
        var records = new List<TestRecord>();
        var header = BatchHeader.Read(bytes.AsSpan(start));
        var index = world.IndexOf(header.PartitionId);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            if (record.Offset >= _covered[index])
                records.Add(world.Broker.Read(header.PartitionId, record.Offset).Record!);
            position = record.Next;
        }

        _covered[index] = Math.Max(_covered[index], header.To);
        return records;
    }

    void Raise(int index, long watermark) => _watermarks[index] = Math.Max(_watermarks[index], watermark);

    // Of the partitions heard of; none, and one that said nothing, is minus infinity.
    long Lowest(Side side) => world.Scenario.Partitions
        .Select((p, i) => p.Side == side && p.Partition < Math.Max(1, _counts[(int)side]) ? _watermarks[i] : long.MaxValue).Min();

    // A new partition begins at the time that its side has reached.
    void HearOf(Side side, int count)
    {
        var reached = Lowest(side);
        for (var number = _counts[(int)side]; number < count && _counts[(int)side] > 0; number++)
            Raise(world.IndexOf(new PartitionId(side, 0, number)), reached);
        _counts[(int)side] = Math.Max(_counts[(int)side], count);
    }

    void CompareLedgers(Side side, SideLedger ledger)
    {
        var actual = new OracleLedger(
            (int)ledger.Received, (int)ledger.Matched, (int)ledger.Unmatched, (int)ledger.Late, (int)ledger.Duplicate,
            (int)(ledger.Resting + ledger.Expired));
        if (actual != _oracle.Ledger(side))
            throw new SimulationException($"key group {group.Number}, {side}: the ledger is {actual}, by brute force {_oracle.Ledger(side)}");
    }
}
