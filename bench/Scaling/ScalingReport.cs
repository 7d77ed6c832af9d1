using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Scaling;

/// <summary>The report of <c>cluster</c>.</summary>
static class ScalingReport
{
    internal static BenchReport Of(ScalingResult result)
    {
        var (text, options) = (new MarkdownText(), result.Options);
        text.Line($"Inner join, {options.Events:N0} records, seed {options.Seed}, {options.Runs} runs of each in turns, PostgreSQL journal; between 40 and 95 % of the rows. Median (min to max).");
        text.Machine(result.Machine, result.Broker);
        text.Table("figure", "one node:", FormattableString.Invariant($"{options.Nodes} nodes:"));
        Row("CPU of the nodes per record, us", r => r.CpuPerRecord, "F2");
        Row("CPU of PostgreSQL per record, us", r => r.PostgresqlCpuPerRecord, "F2");
        Row("CPU of the broker per record, us", r => r.BrokerCpuPerRecord, "F2");
        Row("CPU of the nodes per record, whole load, us", r => r.WholeCpuPerRecord, "F2");
        Row("journal events", r => r.JournalEvents, "N0");
        Row("records per journal event", r => r.RecordsPerEvent, "N0");
        Row("records a second", r => r.RecordsPerSecond, "N0");
        Row("rows", r => r.Rows, "N0");
        text.Line();
        text.Line($"{options.Nodes} nodes / one node, CPU of the nodes per record: {result.Ratio:F2} (mark: 1.5 with three).");
        return new BenchReport(text, result);

        void Row(string name, Func<ScalingFigures, double?> figure, string format) =>
            text.Row($"{name}", $"{Cell(1, figure, format)}", $"{Cell(options.Nodes, figure, format)}");

        string Cell(int nodes, Func<ScalingFigures, double?> figure, string format) =>
            Spread.OfKnown(result.Runs.Where(r => r.Nodes == nodes).Select(figure))?.Text(format) ?? "not known";
    }
}
