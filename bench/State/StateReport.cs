using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.State;

/// <summary>The report of <c>state</c>.</summary>
static class StateReport
{
    internal static BenchReport Of(StateFigures figures)
    {
        var text = new MarkdownText();
        text.Line($"Machine: {Machine.This}.");
        text.Table(
            "records held:",
            "state, MiB:",
            "apply while it fills, ns a record:",
            "apply in steady state, ns a record:",
            "longest event, ms:",
            "payload, bytes:",
            "beyond it: counted:",
            "beyond it: heap:",
            "beyond it: resident:",
            "GC, share of time:",
            "GC, longest, ms:",
            "snapshot, longest, ms:");
        foreach (var r in figures.Sizes)
        {
            text.Row(
                $"{r.Records:N0}",
                $"{r.StateBytes / (double)(1 << 20):F0}",
                $"{r.FillNs:F0}",
                $"{r.SteadyNs:F0}",
                $"{r.SlowestMs:F2}",
                $"{r.PayloadBytes:F0}",
                $"{r.CountedBytes:F1}",
                $"{r.HeapBytes:F1}",
                $"{r.ResidentBytes:F1}",
                $"{r.PausedShare:P2}",
                $"{r.PauseMs:F1}",
                $"{r.SnapshotMs:F1}");
        }

        if (figures.HotKey is { } hotKey)
        {
            text.Line();
            text.Line($"One key with {HotKeyBenchmark.Lefts:N0} buffered: {hotKey.HotNs:F0} ns a record of it, {hotKey.ColdNs:F0} ns a record of a key with one; {hotKey.Ratio:F2} times.");
        }

        if (figures.SilentSide is { } silent)
        {
            text.Line();
            text.Line($"The event that closes {SilentSideBenchmark.Buckets:N0} time buckets at once: {silent.Ms:F1} ms; twice as many: {silent.TwiceMs:F1} ms, {silent.Ratio:F2} times.");
        }

        return new BenchReport(text, figures);
    }
}
