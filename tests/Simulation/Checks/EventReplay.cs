using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// The events of a key group by brute force: trimming, watermarks and join each done anew, the rows compared event by event with those
/// that the broker has.
/// </summary>
sealed class EventReplay(SimulatedWorld world, KeyGroupRecord group)
{
    readonly JoinOracle _oracle = JoinOracle.Of(world.Scenario.Definition);

    readonly long[] _covered = [.. world.Scenario.Partitions.Select(_ => -1L)];
    readonly TimeOracle _time = new(world.Scenario.Definition);

    /// <summary>The records that count, in the order in which they were applied.</summary>
    internal List<TestRecord> Records { get; } = [];

    /// <summary>Compares rows and, at the end, ledgers.</summary>
    internal void Judge(JoinState? state)
    {
        var rows = world.Broker.Outputs.Rows.Where(r => r.Key.Group == group.Number && group.Holds(r.Key.Incarnation, r.Key.Sequence)).ToLookup(r => r.Key.Sequence, r => $"{r.Value.Value} {r.Value.Kind}{Superseded(r.Value)}");
        for (var i = 0; i < group.Events.Count; i++)
        {
            var expected = Apply(group.Events[i]).Order(StringComparer.Ordinal).ToList();
            var actual = rows[i + 1].Order(StringComparer.Ordinal).ToList();
            if (!expected.SequenceEqual(actual))
                throw new SimulationException($"event {i + 1} of key group {group.Number} gave [{string.Join("; ", actual)}], by brute force [{string.Join("; ", expected)}]");
            var times = (Math.Max(_time.Left, SideWatermarks.None), Math.Max(_time.Right, SideWatermarks.None));
            if (group.TimesAfter(i + 1) is { } found && found != times)
                throw new SimulationException($"event {i + 1} of key group {group.Number} left the times {found}, by brute force {times}");
        }

        foreach (var side in new[] { Side.Left, Side.Right })
            CompareLedgers(side, state?.Ledger(side) ?? default);
    }

    string Superseded(OutputRow row)
    {
        var values = row.Supersedes().Select(id => world.Broker.Outputs.Rows[id].Value).ToList();
        return values.Count == 0 ? "" : " " + string.Join(";", values);
    }

    List<string> Apply(byte[] bytes)
    {
        var content = EventCodec.Read(bytes);
        if (content.Definition is { } definition)
            _time.Define(definition);
        if (content.TimeHold is { } hold)
            _time.Obey(hold);
        var ticks = content.Ticks.Where(tick => !tick.IsClaim).ToList();
        foreach (var header in content.BatchStarts.Select(start => BatchHeader.Read(bytes.AsSpan(start))))
            _time.HearOf(header.Side, header.PartitionCount);
        foreach (var tick in ticks)
            _time.HearOf(tick.Partition.Side, tick.PartitionCount);
        var records = new List<TestRecord>();
        foreach (var start in content.BatchStarts)
            records.AddRange(Trimmed(bytes, start));
        foreach (var header in content.BatchStarts.Select(start => BatchHeader.Read(bytes.AsSpan(start))))
            _time.Raise(header.PartitionId, header.To, header.Watermark);
        foreach (var tick in ticks)
        {
            _time.Raise(tick.Partition, tick.To, tick.Watermark, tick.ClockMs);
            _covered[world.IndexOf(tick.Partition)] = Math.Max(_covered[world.IndexOf(tick.Partition)], tick.To);
        }

        foreach (var claim in content.Ticks.Where(tick => tick.IsClaim))
            _time.Claim(claim);
        if (content.Raise is { } raise)
        {
            _time.RaiseSide(Side.Left, raise.Left);
            _time.RaiseSide(Side.Right, raise.Right);
        }

        Records.AddRange(records);
        return _oracle.Event(records, () => _time.End(_oracle.Cap));
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

    void CompareLedgers(Side side, SideLedger ledger)
    {
        var actual = new OracleLedger(
            (int)ledger.Received, (int)ledger.Matched, (int)ledger.Unmatched, (int)ledger.Late, (int)ledger.Duplicate,
            (int)(ledger.Waiting + ledger.Expired));
        if (actual != _oracle.Ledger(side))
            throw new SimulationException($"key group {group.Number}, {side}: the ledger is {actual}, by brute force {_oracle.Ledger(side)}");
    }
}
