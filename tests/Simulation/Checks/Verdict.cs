using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// The judge after a run: every record is journaled once, every event has the rows that brute force gives for it, nothing is left in the
/// state, and the rows are those of the batch join, or differ from it by late records alone.
/// </summary>
sealed class Verdict(SimulatedWorld world)
{
    internal void Judge()
    {
        var journaled = new HashSet<(PartitionId Partition, long Offset)>();
        foreach (var group in world.Groups)
        {
            var replay = new EventReplay(world, group);
            replay.Judge(world.Shell(group.Number)!.Group.State);
            foreach (var record in replay.Records)
                Require(journaled.Add((new PartitionId(record.Side, 0, record.Partition), record.Offset)), $"{record} is journaled by two key groups");
            RequireEmpty(group.Number);
        }

        foreach (var partition in world.Scenario.Partitions)
            RequireAll(partition, journaled);
        Require(
            !world.Scenario.DoublesNothing || world.Broker.Outputs.Written == world.Broker.Outputs.Rows.Count,
            $"{world.Broker.Outputs.Written - world.Broker.Outputs.Rows.Count} rows were written twice");
        JudgeRows();
    }

    static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimulationException(otherwise);
    }

    void RequireAll(PartitionId partition, HashSet<(PartitionId Partition, long Offset)> journaled)
    {
        for (var offset = world.Broker.FirstRead(partition); offset < world.Broker.End(partition); offset++)
        {
            var entry = world.Broker.Read(partition, offset);
            var (isDeadLetter, isJournaled) = (world.Broker.HasDeadLetter(partition, offset), journaled.Contains((partition, offset)));
            if (entry.FilteredTime is not null)
                Require(!isDeadLetter && !isJournaled, $"the filtered record at {partition}, offset {offset}, {(isJournaled ? "was joined" : "became a dead letter")}");
            else
                Require(entry.IsPoison ? isDeadLetter : isJournaled, $"{entry.Value} at {partition}, offset {offset}, was lost" + Owner(partition, offset));
        }
    }

    string Owner(PartitionId partition, long offset) => world.Broker.Read(partition, offset).Record is { } record
        ? $" by key group {world.Groups[0].GroupOf(record)}"
        : "";

    void RequireEmpty(int number)
    {
        var state = world.Shell(number)!.Group.State;
        if (state is null)
            return;

        // Where rows are repaired, records stay for that after the last row is out; StateBound says how many.
        var isOver = state is { Count: 0, SlabBytes: 0 } || state.Repairs;
        var waiting = state.Ledger(Side.Left).Waiting + state.Ledger(Side.Right).Waiting;
        Require(
            isOver && waiting == 0,
            $"key group {number} holds {state.Count} records in {state.SlabBytes} bytes after time is closed; {waiting} wait");
    }

    void JudgeRows()
    {
        var scenario = world.Scenario;
        var records = scenario.Streams.Logs.SelectMany(log => log.Value.Select(e => e.Record).OfType<TestRecord>().Where(r => r.Offset >= world.Broker.FirstRead(log.Key))).ToList();
        var journaled = world.Broker.Outputs.Rows.Where(r => world.Groups[r.Key.Group].Holds(r.Key.Incarnation, r.Key.Sequence)).ToList();
        var superseded = journaled.SelectMany(r => r.Value.Supersedes()).ToList();
        Require(superseded.Count == superseded.Distinct().Count(), "a row is superseded twice");
        Require(superseded.TrueForAll(id => world.Groups[id.Group].Holds(id.Incarnation, id.Sequence)), "a row is superseded that is lost");
        var outputs = journaled.ExceptBy(superseded, r => r.Key).Select(r => r.Value).ToList();
        var rows = outputs.Where(r => !r.Kind.IsCopy()).Select(r => r.Value).ToList();
        var late = outputs.Where(r => r.Kind.IsCopy()).Select(r => r.Value).ToHashSet();
        Require(!scenario.Exact || late.Count == 0, $"{late.Count} records are late, though none can be");
        new BatchComparison(scenario.Definition, records, late).Judge(rows);
    }
}
