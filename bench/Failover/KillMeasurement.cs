using System.Diagnostics;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host.Chaos;
using Npgsql;

namespace AkkaJoin.Bench.Failover;

/// <summary>Kills one node and sees what it costs.</summary>
sealed class KillMeasurement(NodeCluster cluster, RowWatch rows, Readers readers, NpgsqlConnection journal, int nodes)
{
    const int BeforeMs = 15_000;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    long _killedMs;

    /// <summary>Kills the oldest node, or another, and waits until everything is as before.</summary>
    /// <returns>The figures, and the node that is dead now.</returns>
    internal async Task<(KillFigures Figures, int Victim)> RunAsync(bool oldest)
    {
        var report = await cluster.ReportAsync();
        var address = report.Members.First(m => m.IsOldest == oldest).Address;
        var moved = report.Joins[0].Groups.Where(g => g.Node == address).ToList();
        var victim = cluster.Node(address);
        _killedMs = cluster.Kill(victim);
        var sizes = await JournalTables.SizesAsync(journal, moved.Select(g => g.Group));
        var before = rows.Times(_killedMs - BeforeMs).Values.Sum(times => times.Count(t => t < _killedMs)) * 1_000.0 / BeforeMs;
        var events = new Dictionary<int, long>();
        var reassigned = await WatchAsync(victim, moved, before, () => AddEventsAsync(events, sizes));
        var removed = cluster.Said(victim, "was given up", _killedMs);
        var (first, last) = FirstRows(moved, removed);
        var times = Rows(before);
        var figures = new KillFigures
        {
            WasOldest = oldest,
            MovedGroups = moved.Count,
            StateBytes = report.Joins[0].Groups.Sum(g => g.StateBytes ?? 0),
            Waiting = report.Joins[0].Groups.Sum(g => g.Waiting ?? 0),
            RowsPerSecondBefore = before,
            Unreachable = Seconds(cluster.Said(victim, "does not answer", _killedMs) - _killedMs),
            Removed = Seconds(removed - _killedMs),
            Reassigned = reassigned,
            FirstEvent = Seconds(events.Count == 0 ? null : events.Values.Min() - _killedMs),
            LastEvent = Seconds(events.Count < moved.Count ? null : events.Values.Max() - _killedMs),
            FirstRow = Seconds(first),
            LastFirstRow = Seconds(last),
            FullRate = last is null ? null : Seconds(times.FullRate(last.Value)),
            CaughtUp = last is null ? null : Seconds(times.CaughtUp(last.Value)),
            Recovery = Recovery(moved, sizes),
        };
        return (figures, victim);
    }

    static double? Seconds(long? ms) => ms / 1_000.0;

    static RecoveryBytes Recovery(List<KeyGroupReport> moved, Dictionary<int, (long Snapshot, long Journal, long Last)> sizes) => new(
        sizes.Values.Sum(s => s.Snapshot),
        sizes.Values.Sum(s => s.Journal),
        moved.Sum(g => g.StateBytes ?? 0),
        moved.Max(g => sizes.TryGetValue(g.Group, out var s) ? (double)(s.Snapshot + s.Journal) / Math.Max(1, g.StateBytes ?? 0) : 0));

    /// <summary>Waits until the rows are back, or the limit.</summary>
    /// <returns>When the partitions had other readers, s since the kill.</returns>
    async Task<double?> WatchAsync(int victim, List<KeyGroupReport> moved, double before, Func<Task> eachTime)
    {
        var since = Stopwatch.GetTimestamp();
        double? reassigned = null;
        while (Stopwatch.GetElapsedTime(since) < Limit)
        {
            await Task.Delay(Interval);
            await eachTime();
            if (reassigned is null && await readers.HaveAllAsync(nodes - 1, 2 * LoadTopics.Partitions))
                reassigned = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - _killedMs) / 1_000.0;
            if (reassigned is not null && cluster.Said(victim, "was given up", _killedMs) is { } removed
                && FirstRows(moved, removed).Last is { } last && Rows(before) is var times && times.FullRate(last) is not null && times.CaughtUp(last) is not null)
            {
                break;
            }
        }

        return reassigned;
    }

    // Asked for again and again: a snapshot would take the first events away.
    async Task AddEventsAsync(Dictionary<int, long> events, Dictionary<int, (long Snapshot, long Journal, long Last)> sizes)
    {
        var missing = sizes.Where(s => !events.ContainsKey(s.Key)).ToDictionary(s => s.Key, s => s.Value.Last);
        if (missing.Count == 0)
            return;
        foreach (var (group, at) in await JournalTables.FirstEventsAsync(journal, missing, _killedMs))
            events.Add(group, at);
    }

    // Rows that the dead node had sent may still be appended; before the removal no other has its key groups.
    (long? First, long? Last) FirstRows(List<KeyGroupReport> moved, long? removedMs)
    {
        if (removedMs is null)
            return (null, null);
        var times = rows.Times(removedMs.Value);
        var first = moved.Where(g => times.ContainsKey(g.Group)).Select(g => times[g.Group][0] - _killedMs).ToList();
        return first.Count == 0 ? (null, null) : (first.Min(), first.Count == moved.Count ? first.Max() : null);
    }

    RowTimes Rows(double before) =>
        new([.. rows.Times(_killedMs).Values.SelectMany(times => times).Select(t => t - _killedMs).Order()], before);
}
