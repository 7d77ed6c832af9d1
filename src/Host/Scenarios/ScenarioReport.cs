using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Host.Scenarios;

/// <summary>Tells results: as lines for people, as one JSON object, and as the lines of RESULTS.</summary>
static class ScenarioReport
{
    internal static void WriteText(TextWriter output, IReadOnlyList<ScenarioResult> results)
    {
        foreach (var result in results)
            WriteText(output, result);
        var refused = results.Count(r => r.Refusal is not null);
        output.WriteLine(
            $"{CountText.Of(results.Count, "case")}: {results.Count(r => r.IsGood)} as expected, "
            + $"{results.Count(r => r.Differences.Count > 0)} differ, "
            + $"{refused} refused");
        if (OlderKeys(results) is { Count: > 0 } older)
            output.WriteLine("note: older names are still read; write " + string.Join("; ", older));
    }

    // Once for all cases, and not once for each.
    static List<string> OlderKeys(IReadOnlyList<ScenarioResult> results) =>
        [.. results.SelectMany(result => result.OlderKeys).Distinct().Select(key => $"{key.Now} for {key.Old}")];

    internal static void WriteJson(TextWriter output, IReadOnlyList<ScenarioResult> results) => output.WriteLine(Line(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cases", results.Count);
        writer.WriteNumber("good", results.Count(r => r.IsGood));
        writer.WriteNumber("different", results.Count(r => r.Differences.Count > 0));
        writer.WriteNumber("refused", results.Count(r => r.Refusal is not null));
        writer.WriteStartArray("results");
        foreach (var result in results)
            WriteJson(writer, result);
        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var older in OlderKeys(results))
            writer.WriteStringValue("older names are still read; write " + older);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }));

    /// <summary>A line of RESULTS.</summary>
    internal static string ResultLine(ScenarioResult result) => Line(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", result.Name);
        WriteRows(writer, "rows", result.Rows);
        writer.WriteStartArray("late");
        foreach (var id in result.LateIds)
            ScenarioRow.Write(writer, id);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    static void WriteText(TextWriter output, ScenarioResult result)
    {
        if (result.Refusal is not null)
        {
            var name = result.Name is null ? "" : $" ({result.Name})";
            output.WriteLine($"refused  {result.Origin}: {result.Refusal}{name}");
            return;
        }

        output.WriteLine($"{(result.IsGood ? "ok     " : "differs")}  {result.Origin}: {result.Name}");
        foreach (var note in result.Notes)
            output.WriteLine($"         note: {note}");
        foreach (var difference in result.Differences)
        {
            foreach (var row in difference.Missing)
                output.WriteLine($"         step {difference.Step}: missing     {Line(writer => row.WriteTo(writer, withStep: false))}");
            foreach (var row in difference.Unexpected)
                output.WriteLine($"         step {difference.Step}: unexpected  {Line(writer => row.WriteTo(writer))}");
        }
    }

    static void WriteJson(Utf8JsonWriter writer, ScenarioResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("name", result.Name);
        writer.WriteString("origin", result.Origin);
        writer.WriteString("outcome", result.Refusal is not null ? "refused" : result.IsGood ? "good" : "different");
        if (result.Refusal is not null)
            writer.WriteString("reason", result.Refusal);
        writer.WriteStartArray("notes");
        foreach (var note in result.Notes)
            writer.WriteStringValue(note);
        writer.WriteEndArray();
        writer.WriteStartArray("differences");
        foreach (var difference in result.Differences)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", difference.Step);
            WriteRows(writer, "missing", difference.Missing, withStep: false);
            WriteRows(writer, "unexpected", difference.Unexpected);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteRows(Utf8JsonWriter writer, string name, IEnumerable<ScenarioRow> rows, bool withStep = true)
    {
        writer.WriteStartArray(name);
        foreach (var row in rows)
            row.WriteTo(writer, withStep);
        writer.WriteEndArray();
    }

    static string Line(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(CanonicalJson.Render(write).Span);
}
