using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaJoin.Bench.Load;

namespace AkkaJoin.Bench.Table;

/// <summary>The table as Markdown and as JSON.</summary>
static class TableReport
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    internal static string Json(TableResult result) => JsonSerializer.Serialize(result, JsonOptions);

    internal static string Markdown(TableResult result)
    {
        var text = new StringBuilder();
        var (versions, options) = (result.Versions, result.Options);
        Line(text, $"Machine: {versions.Machine}.");
        Line(text, $"Commit {versions.Commit ?? "not known"}; Kafka {versions.Kafka ?? "of a version not known"} ({versions.Broker}); PostgreSQL {versions.Postgresql ?? "took no part"}.");
        Line(text, $"{result.Began:yyyy-MM-dd HH:mm} to {result.Ended:HH:mm} UTC. Bounded joins: {options.Events:N0} records, seed {options.Seed}, {options.Runs} runs, impressions : plays 4 : 1, {LoadGenerator.Members:N0} members by {LoadGenerator.Titles} titles,");
        Line(text, $"{LoadTopics.Partitions} partitions a topic, event time {LoadGenerator.EventsPerSecond:N0} a second, disorder {LoadGenerator.DisorderMs / 1_000} s, window 10 minutes. Live: {options.Seconds} s.");
        Line(text, $"");
        Line(text, $"| figure | mark | median | min | max | met |");
        Line(text, $"|---|---:|---:|---:|---:|---|");
        foreach (var row in result.Rows)
            Line(text, $"| {row.Figure} | {Mark(row)} | {Cell(row, row.Value?.Median)} | {Cell(row, row.Value?.Min)} | {Cell(row, row.Value?.Max)} | {Met(row)} |");
        Line(text, $"");
        Line(text, $"How, and what was seen beside:");
        Line(text, $"");
        foreach (var row in result.Rows)
            Line(text, $"- {row.Figure}: {row.How}.{(row.Beside.Length > 0 ? $" {row.Beside.TrimEnd('.')}." : "")}");
        return text.ToString();
    }

    static string Mark(TableRow row) => row.Mark?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    static string Cell(TableRow row, double? value) => value?.ToString(row.Format, CultureInfo.InvariantCulture) ?? "";

    static string Met(TableRow row) => row switch
    {
        { IsExact: false } => "NOT EXACT",
        { Value: null } => "not measured",
        { IsMet: true } => "yes",
        { IsMet: false } => "no",
        _ => "",
    };

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
