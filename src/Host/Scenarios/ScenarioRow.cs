using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// A row as scenarios write it: of a pair join {"left", "right"}, of an attribution {"right", "lefts", "leftCount"}. Records stand as
/// their value, or as their id where the value is null; null = no partner.
/// </summary>
sealed class ScenarioRow
{
    readonly JsonElement? _left;
    readonly JsonElement? _right;
    readonly IReadOnlyList<JsonElement?>? _lefts;
    readonly long _leftCount;

    ScenarioRow(JsonElement? left, JsonElement? right, IReadOnlyList<JsonElement?>? lefts, long leftCount, int step)
    {
        (_left, _right, _lefts, _leftCount) = (left, right, lefts, leftCount);
        Step = step;
        Canonical = CanonicalJson.Write(writer => WriteTo(writer, withStep: false));
    }

    /// <summary>The 0-based index of the step after which the row came out; of an expected row, of the step that expects it.</summary>
    internal int Step { get; }

    /// <summary>Equal for equal rows: the step does not count.</summary>
    internal string Canonical { get; }

    internal static ScenarioRow Pair(JsonElement? left, JsonElement? right, int step) => new(left, right, null, 0, step);

    internal static ScenarioRow Attribution(JsonElement? right, IReadOnlyList<JsonElement?> lefts, long leftCount, int step) =>
        new(null, right, lefts, leftCount, step);

    internal void WriteTo(Utf8JsonWriter writer, bool withStep = true)
    {
        writer.WriteStartObject();
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

        if (withStep)
            writer.WriteNumber("step", Step);
        writer.WriteEndObject();
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
