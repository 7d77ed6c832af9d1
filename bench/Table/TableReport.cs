using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Table;

/// <summary>The report of <c>table</c>.</summary>
static class TableReport
{
    internal static BenchReport Of(TableResult result)
    {
        var text = new MarkdownText();
        var (versions, options) = (result.Versions, result.Options);
        text.Line($"Machine: {versions.Machine}.");
        text.Line($"Commit {versions.Commit ?? "not known"}; Kafka {versions.Kafka ?? "of a version not known"} ({versions.Broker}); PostgreSQL {versions.Postgresql ?? "took no part"}.");
        text.Line($"{result.Began:yyyy-MM-dd HH:mm} to {result.Ended:HH:mm} UTC. Bounded joins: {options.Events:N0} records, seed {options.Seed}, {options.Runs} runs, impressions : plays 4 : 1, {LoadGenerator.Members:N0} members by {LoadGenerator.Titles} titles,");
        text.Line($"{LoadTopics.Partitions} partitions a topic, event time {LoadGenerator.EventsPerSecond:N0} a second, disorder {LoadGenerator.DisorderMs / 1_000} s, window 10 minutes. Live: {options.Seconds} s.");
        text.Table("figure", "mark:", "median:", "min:", "max:", "met");
        foreach (var row in result.Rows)
            text.Row($"{row.Figure}", $"{row.Mark:0.##}", $"{Cell(row, row.Value?.Median)}", $"{Cell(row, row.Value?.Min)}", $"{Cell(row, row.Value?.Max)}", $"{Met(row)}");
        text.Line();
        text.Line($"How, and what was seen beside:");
        text.Line();
        foreach (var row in result.Rows)
            text.Line($"- {row.Figure}: {row.How}.{(row.Beside.Length > 0 ? $" {row.Beside.TrimEnd('.')}." : "")}");
        return new BenchReport(text, result, result.Rows.All(r => r.IsExact));
    }

    static string Cell(TableRow row, double? value) => value is { } number ? Spread.Text(number, row.Format) : "";

    static string Met(TableRow row) => row switch
    {
        { IsExact: false } => "NOT EXACT",
        { Value: null } => "not measured",
        { IsMet: true } => "yes",
        { IsMet: false } => "no",
        _ => "",
    };
}
