using System.Globalization;
using System.Text;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.State;

/// <summary>The sizes as Markdown.</summary>
static class StateReport
{
    internal static string Markdown(IReadOnlyList<StateResult> results)
    {
        var text = new StringBuilder();
        Line(text, $"Machine: {Machine.This}.");
        Line(text, $"");
        Line(text, $"| records held | state, MiB | apply while it fills, ns a record | apply in steady state, ns a record | longest event, ms | payload, bytes | beyond it: counted | beyond it: heap | beyond it: resident | GC, share of time | GC, longest, ms |");
        Line(text, $"|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var r in results)
        {
            Line(text, $"| {r.Records:N0} | {r.StateBytes / (double)(1 << 20):F0} | {r.FillNs:F0} | {r.SteadyNs:F0} | {r.SlowestMs:F2} | {r.PayloadBytes:F0} | {r.CountedBytes:F1} | {r.HeapBytes:F1} | {r.ResidentBytes:F1} | {r.PausedShare:P2} | {r.PauseMs:F1} |");
        }

        return text.ToString();
    }

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
