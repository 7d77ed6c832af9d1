using System.Text;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.Nodes;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// What is known of a key group from outside: every event that ever became durable, and what follows from it. Says at every moment whether
/// what any incarnation does is true.
/// </summary>
sealed class KeyGroupRecord(SimulatedWorld world, int number)
{
    readonly List<byte[]> _events = [];
    readonly Dictionary<long, (byte[] Bytes, int Rows)> _outputs = [];

    // Per event, the offset through which each partition is covered once it is applied; before the first event none is.
    readonly List<long[]> _coverage = [[.. world.Scenario.Partitions.Select(_ => -1L)]];
    readonly Dictionary<long, (long Left, long Right)> _times = [];
    readonly StateBound _bound = new(world.Scenario);
    long _lastConfirmed;

    // Per event, who wrote it.
    readonly List<EventId> _ids = [];

    // Per partition, the most that was ever journaled before a rollback: whoever acknowledged it may be believed for a while, and it be committed.
    readonly long[] _ever = [.. world.Scenario.Partitions.Select(_ => -1L)];

    // Per event, whether time moves once it is applied.
    readonly List<TimeHold> _holds = [TimeHold.None];

    // Per incarnation, what was asked of time when it had recovered.
    readonly Dictionary<Incarnation, TimeOrder> _asked = [];

    Dictionary<PartitionId, long>? _last;

    internal int Number => number;

    /// <summary>Every event, the first at 0.</summary>
    internal IReadOnlyList<byte[]> Events => _events;

    /// <summary>The sides' times as an event left them; null where nobody has applied it.</summary>
    internal (long Left, long Right)? TimesAfter(long sequence) => _times.TryGetValue(sequence, out var times) ? times : null;

    /// <summary>An event is durable.</summary>
    internal void Durable(long sequence, byte[] bytes)
    {
        Require(sequence == _events.Count + 1, $"event {sequence} is written, but the newest was {_events.Count}: two incarnations write");
        var content = EventCodec.Read(bytes);
        Require(content.LastConfirmed <= LastConfirmed(), $"event {sequence} says that event {content.LastConfirmed} is confirmed, but only {_lastConfirmed} is");
        var coverage = (long[])_coverage[^1].Clone();

        // A batch may begin where a tick of the same event ends, and the other way round.
        var ranges = content.BatchStarts.Select(start => BatchHeader.Read(bytes.AsSpan(start))).Select(h => (h.PartitionId, h.From, h.To))
            .Concat(content.Ticks.Where(t => !t.IsClaim).Select(t => (t.Partition, t.From, t.To)));
        foreach (var (partition, from, to) in ranges.OrderBy(r => r.From))
            Cover(coverage, partition, from, to);
        foreach (var claim in content.Ticks.Where(t => t.IsClaim))
            CheckClaim(claim);
        CheckHold(content, sequence);
        _events.Add(bytes);
        _ids.Add(new EventId(content.Incarnation ?? (content.JournalId is { } text ? Incarnation.Of(text) : _ids[^1].Incarnation), sequence));
        _coverage.Add(coverage);
        _bound.Add(bytes, content.BatchStarts);
    }

    /// <summary>An incarnation applied an event, in life or in its replay.</summary>
    internal void Applied(long sequence, KeyGroup group, byte[]? outputs)
    {
        if (!IsOfNow(group))
            return;
        outputs ??= group.Unconfirmed.LastOrDefault(u => u.Sequence == sequence)?.Bytes ?? [];
        if (!_outputs.TryGetValue(sequence, out var known))
            _outputs[sequence] = (outputs, Count(outputs));
        else
            Require(known.Bytes.AsSpan().SequenceEqual(outputs), $"event {sequence} has other rows in a replay");
        _times[sequence] = group.Clocks.Times;
        Require(group.Sequence == sequence, $"event {sequence} is applied as {group.Sequence}");
        CheckState(group);
    }

    /// <summary>An incarnation took a snapshot's state.</summary>
    internal void Restored(KeyGroup group)
    {
        if (IsOfNow(group))
            CheckState(group);
    }

    /// <summary>
    /// An incarnation has recovered. From now on it writes no event that does not obey what was asked by now.
    /// </summary>
    internal void Recovered(Incarnation incarnation, TimeOrder order) => _asked[incarnation] = order;

    /// <summary>Whether a row's id names an event that is in the journal.</summary>
    internal bool Holds(string incarnation, long sequence) =>
        sequence <= _ids.Count && _ids[(int)sequence - 1].Incarnation.ToString() == incarnation;

    /// <summary>Whether every partition is known to the group.</summary>
    internal bool KnowsAll => _coverage[^1].All(covered => covered >= 0);

    /// <summary>The journal was rolled back.</summary>
    internal void FallBack(int events)
    {
        for (var i = 0; i < _ever.Length; i++)
            _ever[i] = Math.Max(_ever[i], _coverage[^1][i]);
        for (var number = events + 1; number <= _events.Count; number++)
            _outputs.Remove(number);
        _events.RemoveRange(events, _events.Count - events);
        _ids.RemoveRange(events, _ids.Count - events);
        _coverage.RemoveRange(events + 1, _coverage.Count - events - 1);
        _holds.RemoveRange(events + 1, _holds.Count - events - 1);
        _asked.Clear();
        _lastConfirmed = Math.Min(_lastConfirmed, events);
    }

    /// <summary>What is acknowledged must be journaled, and its rows out.</summary>
    internal void CheckAck(KeyGroupAck ack)
    {
        if (ack.Event is { } id && !Holds(id.Incarnation.ToString(), id.Number))
            return; // whoever gets it asks again
        foreach (var item in ack.Items)
            Require(Confirmed(item.Partition) >= item.Offset, $"{item.Partition} is acknowledged through {item.Offset}, but journaled and out through {Confirmed(item.Partition)}");
    }

    /// <summary>So must be what is committed.</summary>
    internal void CheckCommit(PartitionId partition, long offset) =>
        Require(Math.Max(Confirmed(partition), _ever[world.IndexOf(partition)]) >= offset, $"{partition} is committed at {offset}, but journaled and out through {Confirmed(partition)}");

    /// <summary>The state must be that of a group which never died, in every byte of its snapshot.</summary>
    internal void CheckAgainstReplay(KeyGroup group)
    {
        var replay = new KeyGroup(number, world.Scenario.Definition, static () => default, _ => new TestRowWriter(namesSides: true), world.Scenario.Limits);
        for (var i = 0; i < _events.Count; i++)
        {
            replay.Apply(i + 1, _events[i]);
            replay.Confirm(i + 1);
        }

        // What it knows of the output topics is the node's.
        replay.Produced = group.Produced;
        Require(group.Sequence == _events.Count, $"it is at event {group.Sequence}, but {_events.Count} were written");
        if (_events.Count > 0)
            Require(Snapshot(replay).AsSpan().SequenceEqual(Snapshot(group)), "a replay of all events gives another snapshot");
    }

    /// <summary>Whether an incarnation has every record that is the group's, journaled or waiting for that.</summary>
    internal bool HasTakenAll(KeyGroup group) => Last().All(last => group.AcceptedOffset(last.Key) > last.Value);

    internal static int Count(byte[] outputs)
    {
        var rows = 0;
        for (var reader = Shards.Outputs.OutputEncoding.Read(outputs); reader.MoveNext();)
            rows++;
        return rows;
    }

    void CheckHold(EventContent content, long sequence)
    {
        var hold = content.TimeHold ?? _holds[^1];
        _holds.Add(hold);
        if (content.TimeHold is { IsWaking: true })
            world.History.Note(-1, number, "event {0} wakes in a step", sequence);
        Require(content.Raise is null || !hold.IsWaking, $"event {sequence} ends the input while the join wakes");
        if (content.Incarnation is { } writer && _asked.TryGetValue(writer, out var asked))
        {
            Require(
                hold.Number >= asked.Number,
                $"event {sequence} obeys order {hold.Number}, but {asked.Number} was asked before its writer had recovered");
        }
    }

    // A claim is true: what it does not cover came after its clock, and what set the watermark the time-out before it.
    void CheckClaim(in Tick claim)
    {
        var skew = world.Scenario.ClockSkewMs;
        var at = claim.ClockMs - world.Scenario.ClockOffsetMs;
        var log = world.Scenario.Streams.Logs[claim.Partition];
        var index = (int)(claim.To - world.Broker.Base(claim.Partition));
        Require(
            index >= log.Count || log[index].ArrivesAt > at - skew,
            $"{claim.Partition} is claimed to be idle at {claim.To}, though more had come when the clock said {at}");
        var heard = log.Take(index).Where(e => e.TimeThatCounts is not null).ToList();
        if (heard.Count == 0)
            return;
        var newest = heard.MaxBy(e => e.TimeThatCounts)!;
        var isSilent = newest.ArrivesAt <= at - world.Scenario.Definition.IdleTimeoutMs + skew;
        Require(
            isSilent,
            $"{claim.Partition} is claimed to be idle at {at}, though the record that set its time came at {newest.ArrivesAt}");
    }

    void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimulationException($"key group {number}: {otherwise}");
    }

    // The last offset of each partition that belongs to the group.
    Dictionary<PartitionId, long> Last()
    {
        if (_last is not null)
            return _last;
        _last = [];
        foreach (var (partition, log) in world.Scenario.Streams.Logs)
        {
            foreach (var entry in log)
            {
                if (entry.Record is { } record && GroupOf(record) == number)
                    _last[partition] = record.Offset;
            }
        }

        return _last;
    }

    /// <summary>The key group of a record.</summary>
    internal int GroupOf(TestRecord record)
    {
        var key = Encoding.UTF8.GetBytes(record.Key ?? "");
        return RecordIntake.GroupOf(
            new NewRecord
            {
                Offset = record.Offset,
                KeyHash = KeyHash.Of(key),
                KeyIsNull = record.Key is null,
                HasId = record.Id is not null,
                Id = Encoding.UTF8.GetBytes(record.Id ?? ""),
            },
            world.Scenario.Definition.KeyGroups);
    }

    // A snapshot of format 1 does not say who wrote the events before it: then all but that is compared.
    byte[] Snapshot(KeyGroup group)
    {
        var snapshot = group.TakeSnapshot();
        if (world.Scenario.NewFormatAtMs == 0)
            return snapshot;
        var content = SnapshotCodec.Read(snapshot);
        var head = content.Head;
        var text = $"{head.Sequence} {head.LastConfirmed} {head.Left} {head.Right} "
            + $"{head.Clocks.Times} {head.Clocks.TimeHold} {string.Join(' ', head.Clocks.Known)} "
            + $"{string.Join(' ', head.Clocks.Counts)} {string.Join(' ', DefinitionCodec.Entries(head.Definition))}";
        return [.. Encoding.UTF8.GetBytes(text), .. snapshot.AsSpan(content.StatePosition)[..^4]];
    }

    // One that lives in a past which was rolled back does not know yet.
    bool IsOfNow(KeyGroup group) => world.Rollbacks == 0 || (group.History.Find(group.Sequence) is { } id && Holds(id.Incarnation.ToString(), id.Number));

    void CheckState(KeyGroup group)
    {
        Require(group.Sequence < _coverage.Count, $"it is at event {group.Sequence}, but {_events.Count} were written");
        var coverage = _coverage[(int)group.Sequence];
        for (var i = 0; i < coverage.Length; i++)
        {
            var covered = group.Clocks.AppliedOffset(world.Scenario.Partitions[i]);
            Require(covered == coverage[i], $"{world.Scenario.Partitions[i]} is covered through {covered} at event {group.Sequence}, by its events through {coverage[i]}");
        }

        if (group.State is not { } state)
            return;
        Require(state.Ledger(Side.Left).Balances && state.Ledger(Side.Right).Balances, $"the ledger does not balance at event {group.Sequence}");
        Require(_bound.Holds(group, out var excess), $"at event {group.Sequence} {excess}");
    }

    // Events whose rows, and those of all before, the broker has. What nobody has applied yet, nobody can have sent.
    long LastConfirmed()
    {
        while (_outputs.TryGetValue(_lastConfirmed + 1, out var next) && world.Broker.Outputs.Count(_ids[(int)_lastConfirmed].Incarnation.ToString(), number, _lastConfirmed + 1) >= next.Rows)
            _lastConfirmed++;
        return _lastConfirmed;
    }

    long Confirmed(PartitionId partition) => _coverage[(int)LastConfirmed()][world.IndexOf(partition)];

    void Cover(long[] coverage, PartitionId partition, long from, long to)
    {
        var index = world.IndexOf(partition);
        Require(coverage[index] < 0 || from <= coverage[index], $"{partition} is journaled from {from} on, covered is {coverage[index]}: a gap");

        // Below the log's first record there never was any.
        for (var offset = Math.Max(Math.Max(from, coverage[index]), world.Broker.Base(partition)); offset < to; offset++)
        {
            if (world.Broker.Read(partition, offset).IsPoison)
                Require(world.Broker.HasDeadLetter(partition, offset), $"{partition} is journaled through {to}, but the dead letter at {offset} is not written");
        }

        coverage[index] = Math.Max(coverage[index], to);
    }
}
