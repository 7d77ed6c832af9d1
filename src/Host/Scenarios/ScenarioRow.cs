using System.Text;
using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// A row as scenarios write it: of a pair join {"left", "right"}, of an attribution {"right", "lefts", "leftCount"}.
/// Records stand as their value, or as their id where the value is null; null = no partner. A row of a configured join
/// is what its row writer wrote: JSON, or a text. A repaired row has the rows besides whose place it takes
/// ("supersedes"); that of a configured join stands as "row" then.
/// </summary>
sealed class ScenarioRow
{
    readonly JsonElement? _left;
    readonly JsonElement? _right;
    readonly IReadOnlyList<JsonElement?>? _lefts;
    readonly long _leftCount;

    readonly JsonElement? _written;
    readonly bool _isWritten;
    string? _canonical;

    ScenarioRow(JsonElement? written, int step)
    {
        (_written, _isWritten) = (written, true);
        Step = step;
    }

    ScenarioRow(JsonElement? left, JsonElement? right, IReadOnlyList<JsonElement?>? lefts, long leftCount, int step)
    {
        (_left, _right, _lefts, _leftCount) = (left, right, lefts, leftCount);
        Step = step;
    }

    /// <summary>
    /// The 0-based index of the step after which the row came out; of an expected row, of the step that expects it.
    /// </summary>
    internal int Step { get; }

    /// <summary>The rows whose place it takes.</summary>
    internal IReadOnlyList<ScenarioRow> Supersedes { get; init; } = [];

    /// <summary>Equal for equal rows: neither the step nor the order of what it supersedes counts.</summary>
    internal string Canonical => _canonical ??= CanonicalJson.Write(writer => WriteTo(writer, withStep: false));

    internal static ScenarioRow Pair(JsonElement? left, JsonElement? right, int step) => new(left, right, null, 0, step);

    internal static ScenarioRow Attribution(JsonElement? right, IReadOnlyList<JsonElement?> lefts, long leftCount, int step) =>
        new(null, right, lefts, leftCount, step);

    /// <summary>What a configured join's row writer wrote, as its case expects it.</summary>
    internal static ScenarioRow Written(JsonElement? row, int step) => new(row, step);

    /// <summary>The row as one that takes the place of others.</summary>
    internal ScenarioRow Repaired(IReadOnlyList<ScenarioRow> rows) => rows.Count == 0
        ? this
        : _isWritten
            ? new ScenarioRow(_written, Step) { Supersedes = rows }
            : new ScenarioRow(_left, _right, _lefts, _leftCount, Step) { Supersedes = rows };

    /// <summary>What a configured join's row writer wrote: JSON, or else a text.</summary>
    internal static ScenarioRow Written(ReadOnlySpan<byte> row, bool isNull, int step)
    {
        if (isNull)
            return new ScenarioRow(null, step);
        var reader = new Utf8JsonReader(row);
        try
        {
            if (JsonElement.TryParseValue(ref reader, out var json) && reader.BytesConsumed == row.Length)
                return new ScenarioRow(json.Value, step);
        }
        catch (JsonException)
        {
            // A row writer of the user's own may write anything.
        }

        return new ScenarioRow(JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(row)), step);
    }

    internal void WriteTo(Utf8JsonWriter writer, bool withStep = true)
    {
        if (_isWritten && !withStep && Supersedes.Count == 0)
        {
            Write(writer, _written);
            return;
        }

        writer.WriteStartObject();
        if (_isWritten)
            Write(writer, "row", _written);
        else
            WriteMembers(writer);
        if (Supersedes.Count > 0)
            WriteSuperseded(writer);
        if (withStep)
            writer.WriteNumber("step", Step);
        writer.WriteEndObject();
    }

    void WriteSuperseded(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("supersedes");
        foreach (var row in Supersedes.OrderBy(row => row.Canonical, StringComparer.Ordinal))
            row.WriteTo(writer, withStep: false);
        writer.WriteEndArray();
    }

    void WriteMembers(Utf8JsonWriter writer)
    {
        if (_lefts is null)
        {
            Write(writer, "left", _left);
            Write(writer, "right", _right);
        }
        else
        {
            Write(writer, "right", _right);
            writer.WriteStartArray("lefts");
            foreach (var left in _lefts)
                Write(writer, left);
            writer.WriteEndArray();
            writer.WriteNumber("leftCount", _leftCount);
        }
    }

    /// <summary>Writes a value that may be none at all.</summary>
    internal static void Write(Utf8JsonWriter writer, JsonElement? value)
    {
        if (value is { } element)
            element.WriteTo(writer);
        else
            writer.WriteNullValue();
    }

    static void Write(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }
}
