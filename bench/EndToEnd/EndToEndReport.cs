using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>The report of <c>e2e</c>.</summary>
static class EndToEndReport
{
    internal static BenchReport Of(EndToEndResult result)
    {
        var text = new MarkdownText();
        text.Line($"{result.Options.Join} join, {result.Options.Events:N0} records, seed {result.Options.Seed}, {result.Runs.Count} runs, {(result.Options.Postgresql ? "PostgreSQL" : "SQLite")} journal (durable).");
        text.Machine(result.Machine, result.Broker);
        text.Table("figure", "median:", "min:", "max:");
        Row("process CPU per record, us", r => r.CpuPerRecord, "F2");
        Row("the same as the process reported at its end, us", r => r.ReportedCpuSeconds * 1e6 / r.Records, "F2");
        Row("the same as last sampled in /proc, us", r => r.SampledCpuSeconds * 1e6 / r.Records, "F2");
        Row("broker's CPU per record, us", r => r.BrokerCpuPerRecord, "F2");
        if (result.Options.Postgresql)
            Row("PostgreSQL's CPU per record, us", r => r.PostgresqlCpuPerRecord, "F2");
        Row("wall time, s", r => r.WallSeconds, "F1");
        Row("records a second", r => r.RecordsPerSecond, "N0");
        Row("rows per record", r => r.RowsPerRecord, "F3");
        Row("rows", r => r.Rows, "N0");
        Row("peak resident memory, MiB", r => r.PeakResidentBytes / 1048576.0, "N0");
        Row("journal events", r => r.JournalEvents, "N0");
        text.Line();
        text.Line($"Validation: {ValidationFigures.Text(result.Validation)}");
        return new BenchReport(text, result, result.Validation is not { Exact: false });

        void Row(string name, Func<RunFigures, double?> figure, string format)
        {
            if (Spread.OfKnown(result.Runs.Select(figure)) is { } spread)
                text.Row($"{name}", $"{Spread.Text(spread.Median, format)}", $"{Spread.Text(spread.Min, format)}", $"{Spread.Text(spread.Max, format)}");
            else
                text.Row($"{name}", $"not known", $"", $"");
        }
    }
}
