using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Parts;

/// <summary>The report of <c>parts</c>.</summary>
static class PartsReport
{
    internal static BenchReport Of(PartsResult result)
    {
        var whole = result.Whole.CpuPerRecord;
        var sum = result.Parts.Where(p => p.InSum).Sum(p => p.CpuPerRecord);
        var text = new MarkdownText();
        text.Line($"inner join, {result.Whole.Records:N0} records, {result.Whole.JournalEvents:N0} journal events of about {result.EventBytes / 1024:F0} KiB end to end.");
        text.Machine(result.Machine, result.Broker);
        text.Table("part", "us per record:", "share:", "measured alone as");
        foreach (var part in result.Parts.Where(p => p.InSum))
            text.Row($"{part.Name}", $"{part.CpuPerRecord:F2}", $"{part.CpuPerRecord / whole:P0}", $"{part.What}");
        text.Row($"sum", $"{sum:F2}", $"{sum / whole:P0}", $"");
        text.Row($"not accounted for", $"{whole - sum:F2}", $"{(whole - sum) / whole:P0}", $"messages, scheduling, GC and JIT of the whole; shared caches");
        text.Row($"end to end", $"{whole:F2}", $"100 %", $"one run of `akkajoin run --bounded` over the same topics");
        foreach (var part in result.Parts.Where(p => !p.InSum))
            text.Row($"beside it: {part.Name}", $"{part.CpuPerRecord:F2}", $"", $"{part.What}");
        return new BenchReport(text, result);
    }
}
