using System.Diagnostics;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Micro;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.State;

/// <summary>
/// Fills the key groups of a join with so many records, without broker and journal, and goes on for half a window more, in which as many
/// records come as go.
/// </summary>
/// <param name="records">How many.</param>
/// <param name="pool">Where the groups hold them.</param>
/// <param name="snapshots">Whether each group takes a snapshot at the end.</param>
sealed class StateBenchmark(int records, SlabPool pool, bool snapshots = true)
{
    const int RecordsEach = 500;
    readonly JoinDefinition _definition = MicroData.Definition with { BeforeMs = 0, AfterMs = records };
    readonly StateLoad _load = new(records, MicroData.Definition.KeyGroups, RecordsEach);
    readonly List<double> _perRecord = [];
    KeyGroup[] _groups = [];

    internal StateResult Run()
    {
        GC.Collect();
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        var residentBefore = ProcFiles.ResidentBytes();
        _groups = [.. Enumerable.Range(0, _definition.KeyGroups).Select(n => MicroData.Group(_definition, pool, n))];

        Feed(records, null);
        var fill = Spread.Of(_perRecord);
        var pauses = new GcPauses();
        var clock = Stopwatch.StartNew();
        Feed(records / 2, pauses);
        var paused = pauses.Total / clock.Elapsed;
        var (steady, mean) = (Spread.Of(_perRecord), _perRecord.Average());

        var resident = ProcFiles.ResidentBytes() - residentBefore;
        var heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        long held = _groups.Sum(g => g.State!.Count);
        var counted = _groups.Sum(g => g.State!.Bytes);
        var payload = _load.PayloadBytes / (records * 1.5);
        var result = new StateResult(
            held,
            fill.Median,
            steady.Median,
            mean,
            steady.Max * RecordsEach / 1e6,
            payload,
            Beyond(counted),
            Beyond(heap),
            Beyond(resident),
            paused,
            pauses.Longest.TotalMilliseconds,
            counted,
            snapshots ? _groups.Max(SnapshotMs) : null);

        foreach (var group in _groups)
            group.ReturnMemory();
        return result;

        double Beyond(long bytes) => ((double)bytes / held) - payload;
    }

    void Feed(int count, GcPauses? pauses)
    {
        _perRecord.Clear();
        for (var i = 0; i < count / RecordsEach; i++)
        {
            var group = _groups[i % _groups.Length];
            group.Offer(new Deliver(group.Number, _load.Next(group.Number)), this);
            _perRecord.Add(MicroData.ApplyNext(group).TotalNanoseconds / RecordsEach);
            pauses?.Look();
        }
    }

    // What the group's actor does before it is free again; writing is the store's work.
    static double SnapshotMs(KeyGroup group)
    {
        var begin = Stopwatch.GetTimestamp();
        using var capture = group.Capture();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }
}
