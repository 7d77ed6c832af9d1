using AkkaJoin.Bench.Live;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Visits;

/// <summary>The report of <c>cockpit</c>.</summary>
static class VisitReport
{
    internal static BenchReport Of(VisitResult result)
    {
        var text = new MarkdownText();
        var (options, perSecond) = (result.Options, LiveMeasurement.EventsPerSecond);
        text.Line($"Page open and /metrics asked for every 5 s, against nobody asking: one `akkajoin run`, inner join, SQLite;");
        text.Line($"{perSecond:N0} records a second, seed {options.Seed}, {options.Seconds} s each, in turns of one run, after");
        text.Line($"{VisitBenchmark.WarmTime.TotalSeconds} s that do not count; there {VisitBenchmark.WarmOftener} times as much was asked.");
        text.Machine(result.Machine, result.Broker);
        text.Table("turn:", "us of CPU per record:", "with page and metrics, us:", "cost:", "answers:", "KiB:", "load:");
        for (var i = 0; i < result.Turns.Count; i++)
        {
            var turn = result.Turns[i];
            text.Row(
                $"{i + 1}",
                $"{turn.Without:F2}",
                $"{turn.With:F2}",
                $"{turn.Cost:P1}",
                $"{turn.Answers:N0}",
                $"{turn.Bytes / 1024.0:N0}",
                $"{turn.Load:F1}");
        }

        text.Line();
        text.Line($"Median: {result.Cost.Median:P1}; it may be {VisitOptions.CostMax:P0}: {(result.IsMet ? "good" : "TOO MUCH")}.");
        text.Line($"Without records: {result.Quiet.Without:F1} ms of CPU a second, {result.Quiet.With:F1} with page and metrics; that is");
        text.Line($"{result.QuietCost:P1} of the CPU of a node that has them.");
        return new BenchReport(text, result, result.IsMet);
    }
}
