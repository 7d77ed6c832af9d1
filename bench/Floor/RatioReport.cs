using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Floor;

/// <summary>The report of <c>table --short</c>.</summary>
static class RatioReport
{
    internal static BenchReport Of(RatioResult result)
    {
        var text = new MarkdownText();
        text.Line($"Inner join, SQLite journal, against a raw consume-and-produce loop over the same topics; {result.Options.Events:N0} records, seed {result.Options.Seed}, in turns.");
        text.Machine(result.Machine, result.Broker);
        text.Table("turn:", "join, us of CPU per record:", "loop, us:", "join / loop:");
        for (var i = 0; i < result.Joins.Count; i++)
        {
            var (join, floor) = (result.Joins[i].CpuPerRecord, result.Floors[i].CpuPerRecord);
            text.Row($"{i + 1}", $"{join:F2}", $"{floor:F2}", $"{join / floor:F2}");
        }

        text.Line();
        text.Line($"Best: {result.Ratio:F2}; it may be {result.Options.RatioMax:F2}: {(result.IsMet ? "good" : "TOO MUCH")}.");
        return new BenchReport(text, result, result.IsMet);
    }
}
