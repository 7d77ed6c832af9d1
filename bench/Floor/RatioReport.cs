using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaJoin.Bench.Floor;

/// <summary>The comparison as Markdown and as JSON.</summary>
static class RatioReport
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string Json(RatioResult result) => JsonSerializer.Serialize(result, JsonOptions);

    internal static string Markdown(RatioResult result)
    {
        var text = new StringBuilder();
        Line(text, $"Inner join, SQLite journal, against a raw consume-and-produce loop over the same topics; {result.Options.Events:N0} records, seed {result.Options.Seed}, in turns.");
        Line(text, $"Machine: {result.Machine}. Broker: {result.Broker}.");
        Line(text, $"");
        Line(text, $"| turn | join, us of CPU per record | loop, us | join / loop |");
        Line(text, $"|---:|---:|---:|---:|");
        for (var i = 0; i < result.Joins.Count; i++)
        {
            var (join, floor) = (result.Joins[i].CpuPerRecord, result.Floors[i].CpuPerRecord);
            Line(text, $"| {i + 1} | {join:F2} | {floor:F2} | {join / floor:F2} |");
        }

        Line(text, $"");
        Line(text, $"Best: {result.Ratio:F2}; it may be {result.Options.RatioMax:F2}: {(result.IsMet ? "good" : "TOO MUCH")}.");
        return text.ToString();
    }

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
