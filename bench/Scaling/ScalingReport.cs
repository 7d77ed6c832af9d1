using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Scaling;

/// <summary>The figures as Markdown and as JSON.</summary>
static class ScalingReport
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string Json(ScalingResult result) => JsonSerializer.Serialize(result, JsonOptions);

    internal static string Markdown(ScalingResult result)
    {
        var text = new StringBuilder();
        Line(text, $"Inner join, {result.Options.Events:N0} records, seed {result.Options.Seed}, {result.Options.Runs} runs of each in turns, PostgreSQL journal; between 40 and 95 % of the rows. Median (min to max).");
        Line(text, $"Machine: {result.Machine}. Broker: {result.Broker}.");
        Line(text, $"");
        Line(text, $"| figure | one node | {result.Options.Nodes} nodes |");
        Line(text, $"|---|---:|---:|");
        Row(text, result, "CPU of the nodes per record, us", r => r.CpuPerRecord, "F2");
        Row(text, result, "CPU of PostgreSQL per record, us", r => r.PostgresqlCpuPerRecord, "F2");
        Row(text, result, "CPU of the broker per record, us", r => r.BrokerCpuPerRecord, "F2");
        Row(text, result, "CPU of the nodes per record, whole load, us", r => r.WholeCpuPerRecord, "F2");
        Row(text, result, "journal events", r => r.JournalEvents, "N0");
        Row(text, result, "records per journal event", r => r.RecordsPerEvent, "N0");
        Row(text, result, "records a second", r => r.RecordsPerSecond, "N0");
        Row(text, result, "rows", r => r.Rows, "N0");
        Line(text, $"");
        Line(text, $"{result.Options.Nodes} nodes / one node, CPU of the nodes per record: {result.Ratio:F2} (mark: 1.5 with three).");
        return text.ToString();
    }

    static void Row(StringBuilder text, ScalingResult result, string name, Func<ScalingFigures, double?> figure, string format)
    {
        var (one, several) = (Cell(result, 1, figure, format), Cell(result, result.Options.Nodes, figure, format));
        Line(text, $"| {name} | {one} | {several} |");
    }

    static string Cell(ScalingResult result, int nodes, Func<ScalingFigures, double?> figure, string format)
    {
        var values = result.Runs.Where(r => r.Nodes == nodes).Select(figure).OfType<double>().ToList();
        if (values.Count == 0)
            return "not known";
        var spread = Spread.Of(values);
        return $"{Text(spread.Median, format)} ({Text(spread.Min, format)} to {Text(spread.Max, format)})";
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
