using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>The figures as Markdown and as JSON.</summary>
static class EndToEndReport
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string Json(EndToEndResult result) => JsonSerializer.Serialize(result, JsonOptions);

    internal static string Markdown(EndToEndResult result)
    {
        var text = new StringBuilder();
        Line(text, $"{result.Options.Join} join, {result.Options.Events:N0} records, seed {result.Options.Seed}, {result.Runs.Count} runs, {(result.Options.Postgresql ? "PostgreSQL" : "SQLite")} journal (durable).");
        Line(text, $"Machine: {result.Machine}. Broker: {result.Broker}.");
        Line(text, $"");
        Line(text, $"| figure | median | min | max |");
        Line(text, $"|---|---:|---:|---:|");
        Row(text, result, "process CPU per record, us", r => r.CpuPerRecord, "F2");
        Row(text, result, "the same as the process reported at its end, us", r => r.ReportedCpuSeconds * 1e6 / r.Records, "F2");
        Row(text, result, "the same as last sampled in /proc, us", r => r.SampledCpuSeconds * 1e6 / r.Records, "F2");
        Row(text, result, "broker's CPU per record, us", r => r.BrokerCpuPerRecord, "F2");
        if (result.Options.Postgresql)
            Row(text, result, "PostgreSQL's CPU per record, us", r => r.PostgresqlCpuPerRecord, "F2");
        Row(text, result, "wall time, s", r => r.WallSeconds, "F1");
        Row(text, result, "records a second", r => r.RecordsPerSecond, "N0");
        Row(text, result, "rows per record", r => r.RowsPerRecord, "F3");
        Row(text, result, "rows", r => r.Rows, "N0");
        Row(text, result, "peak resident memory, MiB", r => r.PeakResidentBytes / 1048576.0, "N0");
        Row(text, result, "journal events", r => r.JournalEvents, "N0");
        Line(text, $"");
        Line(text, $"Judge: {JudgeFigures.Text(result.Judge)}");
        return text.ToString();
    }

    static void Row(StringBuilder text, EndToEndResult result, string name, Func<RunFigures, double?> figure, string format)
    {
        var values = result.Runs.Select(figure).OfType<double>().ToList();
        if (values.Count == 0)
        {
            Line(text, $"| {name} | not known | | |");
            return;
        }

        var spread = Spread.Of(values);
        var (median, min, max) = (Text(spread.Median, format), Text(spread.Min, format), Text(spread.Max, format));
        Line(text, $"| {name} | {median} | {min} | {max} |");
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
