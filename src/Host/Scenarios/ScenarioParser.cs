using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Reads one case. The format stands in docs/scenarios.md. What has no meaning is ignored with a note; what has one and is wrong
/// refuses the case.
/// </summary>
sealed class ScenarioParser
{
    static readonly string[] CaseFields = ["name", "join", "steps"];
    static readonly string[] JoinFields =
    [
        "type", "before", "after", "lowerInclusive", "upperInclusive", "residual", "filter", "dedup", "latePolicy", "credit", "maxCollapsed",
    ];

    static readonly string[] FilterFields = ["left", "right"];

    static readonly string[] WatermarkFields = ["left", "right"];

    readonly List<string> _notes = [];
    bool _attribution;

    ScenarioParser()
    {
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line's bytes.</param>
    /// <param name="place">File and line.</param>
    /// <param name="name">The case's name, as soon as it is known.</param>
    /// <exception cref="ScenarioRefusedException">The line is no case that can be run.</exception>
    internal static ScenarioCase Parse(ReadOnlyMemory<byte> line, string place, out string? name)
    {
        name = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
                throw new ScenarioRefusedException($"the line is {root.Describe()}, not an object");
            _ = CanonicalJson.Text(root); // a text that is none is found here, whatever it is good for
            name = root.Required("name", JsonValueKind.String).GetString()!;
            return new ScenarioParser().Read(root, name, place);
        }
        catch (JsonException e)
        {
            throw new ScenarioRefusedException("the line is no JSON: " + JsonMessages.Describe(e));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair is JSON, but no text.
            throw new ScenarioRefusedException("a text that is not valid Unicode: " + e.Message);
        }
    }

    ScenarioCase Read(JsonElement root, string name, string place)
    {
        NoteOthers(root, CaseFields, "");
        var residual = new ResidualReader();
        var definition = ReadJoin(root.Required("join", JsonValueKind.Object), residual);
        _attribution = definition.Type == JoinType.Attribution;
        var steps = new List<ScenarioStep>();
        foreach (var step in root.Required("steps", JsonValueKind.Array).EnumerateArray())
        {
            try
            {
                steps.Add(ReadStep(step, steps.Count));
            }
            catch (ScenarioRefusedException e)
            {
                throw new ScenarioRefusedException($"step {steps.Count}: {e.Message}");
            }
        }

        return new ScenarioCase(name, place, definition, steps, _notes);
    }

    JoinDefinition ReadJoin(JsonElement join, ResidualReader residual)
    {
        NoteOthers(join, JoinFields, "join: ");
        var type = join.Required("type", JsonValueKind.String).Word<JoinType>("type");
        var (before, after) = (join.Time("before"), join.Time("after"));
        if (before + after < 0)
            throw new ScenarioRefusedException($"before + after is {before + after}; the window must not end before it begins");
        var hasResidual = join.TryGetProperty("residual", out var conditions) && conditions.ValueKind != JsonValueKind.Null;
        var where = hasResidual ? residual.Read(conditions) : null;
        var idField = join.Optional("dedup", false) ? "id" : "";
        return Checked(new JoinDefinition
        {
            Name = "scenario",
            Type = type,
            BeforeMs = join.Optional("lowerInclusive", true) ? before : before - 1,
            AfterMs = join.Optional("upperInclusive", true) ? after : after - 1,
            Where = where,
            Late = join.TryGetProperty("latePolicy", out var late) ? late.Word<LatePolicy>("latePolicy") : LatePolicy.Join,
            Credit = join.TryGetProperty("credit", out var credit) ? credit.Word<Credit>("credit") : Credit.First,
            MaxCollapsed = ReadMaxCollapsed(join),
            KeyGroups = 1,
            Left = Source("left", idField, residual.LeftAttributes) with { Filter = ReadFilter(join, Side.Left, "left") },
            Right = Source("right", idField, residual.RightAttributes) with { Filter = ReadFilter(join, Side.Right, "right") },
        });
    }

    string ReadFilter(JsonElement join, Side side, string name)
    {
        if (!join.TryGetProperty("filter", out var filters) || filters.ValueKind == JsonValueKind.Null)
            return "";
        if (filters.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"\"filter\" is {filters.Describe()}, not an object with left, right or both");
        if (side == Side.Left)
            NoteOthers(filters, FilterFields, "join: filter: ");
        return filters.TryGetProperty(name, out var filter) && filter.ValueKind != JsonValueKind.Null
            ? ResidualReader.ReadFilter(filter, side).Text
            : "";
    }

    // The definition is journaled as text, whose conditions have limits.
    static JoinDefinition Checked(JoinDefinition definition)
    {
        try
        {
            return DefinitionCodec.Read(DefinitionCodec.Write(definition));
        }
        catch (MalformedBatchException e)
        {
            throw new ScenarioRefusedException("\"residual\" or \"filter\": " + (e.InnerException?.Message ?? e.Message));
        }
    }

    static SourceDefinition Source(string topic, string idField, IReadOnlyList<string> attributes) =>
        new(topic, "", "key", "time", idField, "json", [.. attributes.Select(name => FieldPath.Format([name]))]);

    static int ReadMaxCollapsed(JsonElement join)
    {
        if (!join.TryGetProperty("maxCollapsed", out var value))
            return 1000;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var most) || most < 1)
            throw new ScenarioRefusedException($"\"maxCollapsed\" is {value.Describe()}, not a whole number above 0");
        return most;
    }

    ScenarioStep ReadStep(JsonElement step, int index)
    {
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("in", out var side))
            return ReadRecord(step, side);
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("watermark", out var watermark))
            return ReadWatermark(step, watermark, index);
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("expect", out _))
            return ReadExpect(step, index);
        _notes.Add($"step {index}: ignored {Short(step)}");
        return new IgnoredStep();
    }

    static RecordStep ReadRecord(JsonElement step, JsonElement side)
    {
        var partition = 0;
        if (step.TryGetProperty("partition", out var number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out partition) || partition < 0))
            throw new ScenarioRefusedException($"\"partition\" is {number.Describe()}, not a partition's number");
        return new RecordStep(side.Word<Side>("in"), partition, step.Time("time"), Key(step), Bytes(step, "id"), step);
    }

    /// <summary>The key as in a configuration: one value, or a list of several, of which none may be null.</summary>
    static byte[]? Key(JsonElement step)
    {
        var isIncomplete = step.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.Array
            && key.EnumerateArray().Any(part => part.ValueKind == JsonValueKind.Null);
        return isIncomplete ? null : Bytes(step, "key");
    }

    static byte[]? Bytes(JsonElement step, string name)
    {
        if (!step.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return Encoding.UTF8.GetBytes(value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => CanonicalJson.Text(value),
        });
    }

    WatermarkStep ReadWatermark(JsonElement step, JsonElement watermark, int index)
    {
        NoteOthers(step, ["watermark"], $"step {index}: ");
        if (watermark.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"\"watermark\" is {watermark.Describe()}, not an object");
        NoteOthers(watermark, WatermarkFields, $"step {index}: watermark: ");
        return new WatermarkStep(Watermark(watermark, "left"), Watermark(watermark, "right"));
    }

    static long? Watermark(JsonElement watermark, string side) =>
        watermark.TryGetProperty(side, out var value) && value.ValueKind != JsonValueKind.Null ? watermark.Time(side) : null;

    ExpectStep ReadExpect(JsonElement step, int index)
    {
        NoteOthers(step, ["expect"], $"step {index}: ");
        var rows = step.Required("expect", JsonValueKind.Array);
        return new ExpectStep([.. rows.EnumerateArray().Select(row => ReadRow(row, index))]);
    }

    ScenarioRow ReadRow(JsonElement row, int index)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"an expected row is {row.Describe()}, not an object");
        if (!_attribution)
        {
            NoteOthers(row, ["left", "right", "step"], $"step {index}: expect: ");
            return ScenarioRow.Pair(Shown(row, "left"), Shown(row, "right"), index);
        }

        NoteOthers(row, ["right", "lefts", "leftCount", "step"], $"step {index}: expect: ");
        var lefts = row.Required("lefts", JsonValueKind.Array).EnumerateArray().Select(NullIfNull).ToList();
        long count = lefts.Count;
        if (row.TryGetProperty("leftCount", out var number) && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out count)))
            throw new ScenarioRefusedException($"\"leftCount\" is {number.Describe()}, not a number");
        return ScenarioRow.Attribution(Shown(row, "right"), lefts, count, index);
    }

    static JsonElement? Shown(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? NullIfNull(value) : null;

    static JsonElement? NullIfNull(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;

    void NoteOthers(JsonElement value, string[] known, string place)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                _notes.Add($"{place}ignored \"{property.Name}\"");
        }
    }

    static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
