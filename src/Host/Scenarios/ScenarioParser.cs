using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Reads one case. The format stands in docs/scenarios.md. What has no meaning is ignored with a note; what has one and
/// is wrong refuses the case.
/// </summary>
sealed class ScenarioParser
{
    static readonly string[] CaseFields = ["name", "join", "steps"];
    static readonly string[] RecordFields = ["in", "partition", "key", "value", "text", "base64", "headers", "timestamp"];
    static readonly string[] ValueFields = ["value", "text", "base64"];
    static readonly string[] WatermarkFields = ["left", "right"];

    readonly List<string> _notes = [];
    readonly JoinSettings? _configured;
    bool _attribution;

    ScenarioParser(JoinSettings? configured) => _configured = configured;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line's bytes.</param>
    /// <param name="origin">File and line.</param>
    /// <param name="configured">
    /// The join of the user's configuration that the case runs; null where the case has one of its own.
    /// </param>
    /// <param name="name">The case's name, as soon as it is known.</param>
    /// <exception cref="ScenarioRefusedException">The line is no case that can be run.</exception>
    internal static ScenarioCase Parse(ReadOnlyMemory<byte> line, string origin, JoinSettings? configured, out string? name)
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
            return new ScenarioParser(configured).Read(root, name, origin);
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

    ScenarioCase Read(JsonElement root, string name, string origin)
    {
        NoteOthers(root, CaseFields, "");
        if (_configured is not null && root.TryGetProperty("join", out _))
            throw new ScenarioRefusedException($"\"join\" is there, but the case runs the join {_configured.Name} of the configuration");
        var join = _configured is null ? new ScenarioJoinReader(root.Required("join", JsonValueKind.Object), _notes) : null;
        var own = join?.Read();
        _attribution = own?.Type == JoinType.Attribution;
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

        return new ScenarioCase(name, origin, own ?? Definition(_configured!), steps, _notes)
        {
            Configured = _configured,
            OlderKeys = join?.OlderKeys ?? [],
        };
    }

    // One key group has all keys of a case.
    static JoinDefinition Definition(JoinSettings join) =>
        DefinitionBuilder.Build(join, new TopicInfo(join.Left.Topic, 1, ""), new TopicInfo(join.Right.Topic, 1, "")) with { KeyGroups = 1 };

    ScenarioStep ReadStep(JsonElement step, int index)
    {
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("in", out var side))
            return _configured is null ? ReadRecord(step, side) : ReadRaw(step, side, index);
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("watermark", out var watermark))
            return ReadWatermark(step, watermark, index);
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty("expect", out _))
            return ReadExpect(step, index);
        _notes.Add($"step {index}: ignored {Short(step)}");
        return new IgnoredStep();
    }

    static RecordStep ReadRecord(JsonElement step, JsonElement side) =>
        new(side.Word<Side>("in"), Partition(step), step.Time("time"), Key(step), Bytes(step, "id"), step);

    static int Partition(JsonElement step)
    {
        var partition = 0;
        if (step.TryGetProperty("partition", out var number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out partition) || partition < 0))
            throw new ScenarioRefusedException($"\"partition\" is {number.Describe()}, not a partition's number");
        return partition;
    }

    RawRecordStep ReadRaw(JsonElement step, JsonElement side, int index)
    {
        NoteOthers(step, RecordFields, $"step {index}: ");
        var timestamp = step.TryGetProperty("timestamp", out _) ? step.Time("timestamp") : -1;
        return new RawRecordStep(side.Word<Side>("in"), Partition(step), Bytes(step, "key"), Value(step), Headers(step), timestamp);
    }

    /// <summary>The bytes of a record's value: JSON as it is written, a text, or base64.</summary>
    static byte[]? Value(JsonElement step)
    {
        if (ValueFields.Count(name => step.TryGetProperty(name, out _)) > 1)
            throw new ScenarioRefusedException("a record has one of \"value\", \"text\" and \"base64\"");
        if (step.TryGetProperty("text", out var text) && text.ValueKind != JsonValueKind.Null)
            return Encoding.UTF8.GetBytes(step.Required("text", JsonValueKind.String).GetString()!);
        if (step.TryGetProperty("base64", out var base64) && base64.ValueKind != JsonValueKind.Null)
            return step.Required("base64", JsonValueKind.String).TryGetBytesFromBase64(out var bytes)
                ? bytes
                : throw new ScenarioRefusedException("\"base64\" is no base64");
        return step.TryGetProperty("value", out var value) && value.ValueKind != JsonValueKind.Null
            ? Encoding.UTF8.GetBytes(value.GetRawText())
            : null;
    }

    static IReadOnlyList<(string Name, byte[]? Value)> Headers(JsonElement step) => step.TryGetProperty("headers", out _)
        ? [.. step.Required("headers", JsonValueKind.Object).EnumerateObject().Select(header => (header.Name, HeaderValue(header)))]
        : [];

    static byte[]? HeaderValue(JsonProperty header) => header.Value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(header.Value.GetString()!),
        JsonValueKind.Null => null,
        _ => throw new ScenarioRefusedException($"the header \"{header.Name}\" is {header.Value.Describe()}, not a text"),
    };

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

    // Of a configured join an object of nothing but "row" and "supersedes" is a repaired row.
    ScenarioRow ReadRow(JsonElement row, int index)
    {
        if (_configured is not null)
        {
            return IsRepaired(row)
                ? ScenarioRow.Written(NullIfNull(row.GetProperty("row")), index).Repaired(ReadSuperseded(row, index))
                : ScenarioRow.Written(NullIfNull(row), index);
        }

        if (row.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException($"an expected row is {row.Describe()}, not an object");
        return ReadMembers(row, index).Repaired(ReadSuperseded(row, index));
    }

    static bool IsRepaired(JsonElement row) => row.ValueKind == JsonValueKind.Object
        && row.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal).SequenceEqual(["row", "supersedes"]);

    IReadOnlyList<ScenarioRow> ReadSuperseded(JsonElement row, int index) =>
        row.TryGetProperty("supersedes", out _)
            ? [.. row.Required("supersedes", JsonValueKind.Array).EnumerateArray().Select(other => ReadRow(other, index))]
            : [];

    ScenarioRow ReadMembers(JsonElement row, int index)
    {
        if (!_attribution)
        {
            NoteOthers(row, ["left", "right", "supersedes", "step"], $"step {index}: expect: ");
            return ScenarioRow.Pair(Shown(row, "left"), Shown(row, "right"), index);
        }

        NoteOthers(row, ["right", "lefts", "leftCount", "supersedes", "step"], $"step {index}: expect: ");
        var lefts = row.Required("lefts", JsonValueKind.Array).EnumerateArray().Select(NullIfNull).ToList();
        long count = lefts.Count;
        if (row.TryGetProperty("leftCount", out var number) && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out count)))
            throw new ScenarioRefusedException($"\"leftCount\" is {number.Describe()}, not a number");
        return ScenarioRow.Attribution(Shown(row, "right"), lefts, count, index);
    }

    static JsonElement? Shown(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? NullIfNull(value) : null;

    static JsonElement? NullIfNull(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value;

    void NoteOthers(JsonElement value, string[] known, string at)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                _notes.Add($"{at}ignored \"{property.Name}\"");
        }
    }

    static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
