using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Table;
using static System.FormattableString;

namespace AkkaJoin.Bench.Live;

/// <summary>The rows of the table that come of the live load.</summary>
static class LiveTableRows
{
    const double P50Mark = 80, P99Mark = 250, CpuMark = 13;

    internal static async Task<IReadOnlyList<TableRow>> MeasureAsync(TableContext context)
    {
        var runs = new List<LiveFigures>();
        for (var i = 1; i <= context.Options.Runs; i++)
        {
            runs.Add(await new LiveMeasurement(context).RunAsync(Invariant($"{context.Name}-live-{i}")));
            context.Say($"live {i}: p50 {runs[^1].P50Ms:F0} ms, p99 {runs[^1].P99Ms:F0} ms, {runs[^1].CpuPerRecord:F2} us of CPU per record");
        }

        var rows = new RowsOfRuns<LiveFigures>(TableGroups.Live, runs);
        var how = Invariant(
            $"append time of a row less the later event time of its two records; one `akkajoin run`, SQLite; {LiveMeasurement.EventsPerSecond:N0} records a second made in this process, event time = now less 0 to {LiveMeasurement.DisorderMs} ms, producer's linger {LiveMeasurement.LingerMs} ms; {context.Options.Seconds} s after 10 s");
        var seen = Invariant(
            $"{rows.Median(r => r.Rows):N0} rows, at most {Spread.Of(runs.Select(r => r.MaxMs)).Max:F0} ms; {rows.Median(r => r.Records / r.Seconds):N0} records a second were sent");
        var beside = Invariant(
            $"broker {(runs.TrueForAll(r => r.BrokerCpuPerRecord is not null) ? $"{rows.Median(r => r.BrokerCpuPerRecord!.Value):F2} us" : "not known")}, generator {rows.Median(r => r.GeneratorCpuPerRecord):F2} us");
        return
        [
            rows.Row("live: match latency p50, ms", r => r.P50Ms, P50Mark, how, seen, "F0"),
            rows.Row("live: match latency p99, ms", r => r.P99Ms, P99Mark, how: "the same", beside: "", "F0"),
            rows.Row("live: CPU per record, us", r => r.CpuPerRecord, CpuMark, "user and system time of the join's process over these seconds, per record produced", beside, "F2"),
        ];
    }
}
