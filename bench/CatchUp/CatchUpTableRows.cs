using AkkaJoin.Bench.Table;
using static System.FormattableString;

namespace AkkaJoin.Bench.CatchUp;

/// <summary>The rows of the table that come of a backlog.</summary>
static class CatchUpTableRows
{
    const int EventsPerSecondMax = 500;
    const double StateMark = 1.5, LateMark = 0;

    internal static async Task<IReadOnlyList<TableRow>> MeasureAsync(TableContext context)
    {
        var perSecond = Math.Clamp(context.Options.Events / CatchUpMeasurement.BacklogSeconds, 5, EventsPerSecondMax);
        var runs = new List<CatchUpFigures>();
        for (var i = 1; i <= context.Options.Runs; i++)
        {
            runs.Add(await new CatchUpMeasurement(context, perSecond).RunAsync(Invariant($"{context.Name}-catch-up-{i}")));
            context.Say($"catch-up {i}: {runs[^1].CatchUp.Records:N0} records held, {runs[^1].Steady.Records:N0} in the steady state; {runs[^1].Late} late");
        }

        var last = runs[^1];
        var computed = perSecond * 4 / 5 * (CatchUpMeasurement.WindowSeconds + CatchUpMeasurement.ToleranceSeconds) + perSecond / 5 * CatchUpMeasurement.ToleranceSeconds;
        var how = Invariant($"an hour of backlog, {perSecond} records a second of event time, partitions of 1 to 32 shares, there all at once; the most that the node reported, against the most while {CatchUpMeasurement.SteadySeconds / 60} minutes of the same load came in order, {CatchUpMeasurement.Speed} times as fast as in life");
        var rows = new RowsOfRuns<CatchUpFigures>(TableGroups.CatchUp, runs);
        return
        [
            rows.Row("catch-up: records held, of the steady state", r => r.Records, StateMark, how, Invariant($"{last.CatchUp.Records:N0} against {last.Steady.Records:N0}; rate by window would be {computed:N0}; caught up in {last.Seconds:F1} s")),
            rows.Row("catch-up: bytes held, of the steady state", r => r.Bytes, StateMark, "the same", Invariant($"{last.CatchUp.Bytes / 1048576.0:F0} MiB against {last.Steady.Bytes / 1048576.0:F0} MiB")),
            rows.Row("catch-up: late records", r => r.Late, LateMark, "copies in the late topic", Invariant($"{last.LateLive} in the steady run"), "F0"),
        ];
    }
}
