using System.Globalization;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.State;
using AkkaJoin.Pipeline;
using static System.FormattableString;

namespace AkkaJoin.Bench.Table;

/// <summary>The rows that come of <c>state</c>, each run a process of its own.</summary>
/// <param name="context">What the table shares.</param>
/// <param name="innerUs">CPU per record of the inner join end to end, us; null = not measured in this run.</param>
sealed class StateRows(TableContext context, double? innerUs)
{
    const double GrowthMark = 1.3, BytesMark = 64, HotKeyMark = 3, SilentMark = 200, SilentGrowthMark = 2.2, PausedMark = 1, PauseMark = 50, SnapshotMark = 100;

    internal async Task<IReadOnlyList<TableRow>> MeasureAsync()
    {
        var records = context.Options.StateRecords;
        var runs = new List<StateFigures>();
        for (var i = 1; i <= context.Options.Runs; i++)
        {
            runs.Add(await RunAsync(context, null, ["--records", .. ((int[])[records / 100, records, records / 5 * 6]).Select(n => n.ToString(CultureInfo.InvariantCulture))]));
            context.Say($"state {i}: apply {Small(runs[^1]).SteadyNs:F0} ns a record with {Small(runs[^1]).Records:N0} held, {Large(runs[^1]).SteadyNs:F0} with {Large(runs[^1]).Records:N0}");
        }

        return [.. Rows(runs)];
    }

    /// <summary>Runs <c>state</c>.</summary>
    /// <param name="context">What the table shares.</param>
    /// <param name="cgroup">Where; null = as this process.</param>
    /// <param name="arguments">What it measures.</param>
    internal static async Task<StateFigures> RunAsync(TableContext context, MemoryCgroup? cgroup, IEnumerable<string> arguments)
    {
        var file = Path.Combine(context.Directory.Root, "state.json");
        var run = await BenchProgram.RunAsync(cgroup, ["state", .. arguments, "--json", file]);
        return run.ExitCode == 0
            ? BenchReport.Read<StateFigures>(await File.ReadAllTextAsync(file))
            : throw new UserException($"the measurement of the state ended with {run.ExitCode}: {run.Error}", 1);
    }

    static StateResult Small(StateFigures run) => run.Sizes[0];

    static StateResult Large(StateFigures run) => run.Sizes[1];

    static StateResult Largest(StateFigures run) => run.Sizes[2];

    IEnumerable<TableRow> Rows(List<StateFigures> runs)
    {
        var rows = new RowsOfRuns<StateFigures>(TableGroups.State, runs);
        var (small, large, largest, hot) = (Small(runs[^1]), Large(runs[^1]), Largest(runs[^1]), runs[^1].HotKey!);
        var sizes = Invariant($"{large.Records:N0} against {small.Records:N0} records held");
        yield return rows.Row($"{sizes}: apply alone", r => Large(r).SteadyNs / Small(r).SteadyNs, GrowthMark, "KeyGroup.Apply while as many records come as go, without broker and journal, a process of its own; ratio of the medians over its events", Invariant($"{large.SteadyNs:F0} against {small.SteadyNs:F0} ns"));
        if (innerUs is { } us)
            yield return rows.Row($"{sizes}: CPU of a record end to end", r => (us + ((Large(r).SteadyNs - Small(r).SteadyNs) / 1_000)) / us, GrowthMark, Invariant($"what apply costs more, on top of the {us:F2} us of the inner join on SQLite"));
        yield return rows.Row("bytes per record held, beyond key, id and value", r => Large(r).HeapBytes, BytesMark, "the managed heap after a full collection, by the records held", Invariant($"{large.Records:N0} records; as the key groups count {large.CountedBytes:F1}, growth of resident memory {large.ResidentBytes:F1}, payload {large.PayloadBytes:F0}"), "F1");
        yield return rows.Row(Invariant($"a record of a key with {HotKeyBenchmark.Lefts:N0} partners buffered, against a cold key's"), r => r.HotKey!.Ratio, HotKeyMark, "KeyGroup.Apply, each record with one partner in the window", Invariant($"{hot.HotNs:F0} against {hot.ColdNs:F0} ns"));
        var state = Invariant($"{largest.StateBytes / 1048576.0:N0} MiB of state");
        var silent = runs[^1].SilentSide!;
        yield return rows.Row(Invariant($"one event that closes {SilentSideBenchmark.Buckets:N0} time buckets, ms"), r => r.SilentSide!.Ms, SilentMark, "KeyGroup.Apply; a window of 1 s, a left each 100 ms, rights silent for 4 h", Invariant($"twice as many {silent.TwiceMs:F1} ms"), "F1");
        yield return rows.Row("the same with twice as many, in terms of it", r => r.SilentSide!.Ratio, SilentGrowthMark, "silent for 8 h");
        yield return rows.Row("GC: share of time paused, %", r => Largest(r).PausedShare * 100, PausedMark, Invariant($"the same process, {state}, while as many records come as go"));
        yield return rows.Row("GC: longest pause, ms", r => Largest(r).PauseMs, PauseMark, "the same", format: "F1");
        yield return rows.Row("snapshot of a key group: longest time that it does not answer, ms", r => Large(r).SnapshotMs ?? double.NaN, SnapshotMark, Invariant($"KeyGroup.Capture, what a snapshot does in the group's own turn, the longest of all key groups; {large.StateBytes / 1048576.0:N0} MiB of state in all"), Invariant($"with {small.Records:N0} records {small.SnapshotMs:F1} ms"), "F1");
    }
}
