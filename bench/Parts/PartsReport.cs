using System.Globalization;
using System.Text;

namespace AkkaJoin.Bench.Parts;

/// <summary>The parts as Markdown.</summary>
static class PartsReport
{
    internal static string Markdown(PartsResult result)
    {
        var whole = result.Whole.CpuPerRecord;
        var sum = result.Parts.Where(p => p.InSum).Sum(p => p.CpuPerRecord);
        var text = new StringBuilder();
        Line(text, $"inner join, {result.Whole.Records:N0} records, {result.Whole.JournalEvents:N0} journal events of about {result.EventBytes / 1024:F0} KiB end to end.");
        Line(text, $"Machine: {result.Machine}. Broker: {result.Broker}.");
        Line(text, $"");
        Line(text, $"| part | us per record | share | measured alone as |");
        Line(text, $"|---|---:|---:|---|");
        foreach (var part in result.Parts.Where(p => p.InSum))
            Line(text, $"| {part.Name} | {part.CpuPerRecord:F2} | {part.CpuPerRecord / whole:P0} | {part.What} |");
        Line(text, $"| sum | {sum:F2} | {sum / whole:P0} | |");
        Line(text, $"| not accounted for | {whole - sum:F2} | {(whole - sum) / whole:P0} | messages, scheduling, GC and JIT of the whole; shared caches |");
        Line(text, $"| end to end | {whole:F2} | 100 % | one run of `akkajoin run --bounded` over the same topics |");
        foreach (var part in result.Parts.Where(p => !p.InSum))
            Line(text, $"| beside it: {part.Name} | {part.CpuPerRecord:F2} | | {part.What} |");
        return text.ToString();
    }

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
