using System.Text.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Reads the join of a case that has one of its own. Its keys are those of a join in HOCON, nested
/// (<c>"late": {"policy": "drop"}</c>) or with dots (<c>"late.policy": "drop"</c>); times are numbers of ms. The names
/// of older releases are still read.
/// </summary>
/// <param name="join">The object.</param>
/// <param name="notes">Takes what is ignored.</param>
sealed class ScenarioJoinReader(JsonElement join, List<string> notes)
{
    static readonly string[] Keys =
    [
        "type", "before", "after", "bounds", "where", "left", "left.filter", "left.id", "right", "right.filter", "right.id",
        "late", "late.policy", "late.repair-for", "attribution", "attribution.credit", "attribution.max-lefts",
    ];

    static readonly string[] Sections = ["left", "right", "late", "attribution", "filter"];

    static readonly (string Old, string Now)[] Older =
    [
        ("lowerInclusive", "bounds"), ("upperInclusive", "bounds"), ("residual", "where"), ("filter", "left.filter, right.filter"),
        ("dedup", "left.id, right.id"), ("latePolicy", "late.policy"), ("credit", "attribution.credit"),
        ("maxCollapsed", "attribution.max-lefts"), ("attribution.max-collapsed", "attribution.max-lefts"),
    ];

    readonly List<(string Old, string Now)> _olderKeys = [];

    /// <summary>The older names that were read, each with its name now.</summary>
    internal IReadOnlyList<(string Old, string Now)> OlderKeys => _olderKeys;

    /// <exception cref="ScenarioRefusedException">It is no join.</exception>
    internal JoinDefinition Read()
    {
        NoteOthers();
        var type = join.Required("type", JsonValueKind.String).Word<JoinType>("type");
        var (before, after) = (join.Time("before"), join.Time("after"));
        if (before + after < 0)
            throw new ScenarioRefusedException($"before + after is {before + after}; the window must not end before it begins");
        var (lower, upper) = Bounds();
        var where = Where();
        var late = Find("late.policy", "latePolicy") is { } policy ? policy.Value.Word<LatePolicy>(policy.Name) : LatePolicy.Join;
        return Checked(new JoinDefinition
        {
            Name = "scenario",
            Type = type,
            BeforeMs = lower ? before : before - 1,
            AfterMs = upper ? after : after - 1,
            Where = where?.Condition,
            Late = late,
            RepairForMs = late == LatePolicy.Repair ? RepairFor() : 0,
            Credit = Find("attribution.credit", "credit") is { } credit ? credit.Value.Word<Credit>(credit.Name) : Credit.First,
            MaxLefts = MaxLefts(),
            KeyGroups = 1,
            Left = Source("left", where?.LeftFields ?? [], Side.Left),
            Right = Source("right", where?.RightFields ?? [], Side.Right),
        });
    }

    void NoteOthers()
    {
        foreach (var property in join.EnumerateObject())
        {
            NoteOther(property.Name, $"join: ignored \"{property.Name}\"");
            if (property.Value.ValueKind != JsonValueKind.Object || !Sections.Contains(property.Name))
                continue;
            foreach (var inner in property.Value.EnumerateObject())
            {
                if (property.Name != "filter" || inner.Name is not ("left" or "right"))
                    NoteOther($"{property.Name}.{inner.Name}", $"join: {property.Name}: ignored \"{inner.Name}\"");
            }
        }
    }

    void NoteOther(string key, string note)
    {
        var older = Array.FindIndex(Older, other => other.Old == key);
        if (older >= 0)
            _olderKeys.Add(Older[older]);
        else if (!Keys.Contains(key))
            notes.Add(note);
    }

    /// <summary>The value of a key, and the name that the case gives it; null where there is none, or null.</summary>
    (string Name, JsonElement Value)? Find(string key, string? older = null)
    {
        var found = Nested(key);
        if (older is null || !join.TryGetProperty(older, out var old))
            return found is { } value ? (key, value) : null;
        if (found is not null)
            throw new ScenarioRefusedException($"\"{older}\" is the older name of \"{key}\", which is there too");
        return old.ValueKind == JsonValueKind.Null ? null : (older, old);
    }

    JsonElement? Nested(string key)
    {
        if (!join.TryGetProperty(key, out var value))
        {
            value = join;
            foreach (var name in key.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return null;
            }
        }

        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    (bool Lower, bool Upper) Bounds()
    {
        if (Find("bounds") is not { } bounds)
            return (join.Optional("lowerInclusive", true), join.Optional("upperInclusive", true));
        return (bounds.Value.ValueKind == JsonValueKind.String ? bounds.Value.GetString() : null) switch
        {
            "[]" => (true, true),
            "[)" => (true, false),
            "(]" => (false, true),
            "()" => (false, false),
            _ => throw new ScenarioRefusedException($"\"bounds\" is {bounds.Value.Describe()}, not one of [], [), (], ()"),
        };
    }

    ParsedWhere? Where()
    {
        if (Find("where", "residual") is not { } where)
            return null;
        if (where.Value.ValueKind == JsonValueKind.String)
            return Parsed(where.Name, where.Value.GetString()!, WhereParser.Parse);
        var reader = new ConditionReader(where.Name);
        var condition = reader.Read(where.Value);
        return new ParsedWhere(condition, Paths(reader.LeftAttributes), Paths(reader.RightAttributes));
    }

    string Filter(string side, Side of)
    {
        var filter = Find(side + ".filter");
        if (Find("filter") is { } older)
        {
            if (filter is not null)
                throw new ScenarioRefusedException($"\"filter\" is the older name of \"{side}.filter\", which is there too");
            if (older.Value.ValueKind != JsonValueKind.Object)
                throw new ScenarioRefusedException($"\"filter\" is {older.Value.Describe()}, not an object with left, right or both");
            if (older.Value.TryGetProperty(side, out var one) && one.ValueKind != JsonValueKind.Null)
                filter = ("filter", one);
        }

        if (filter is not { } found)
            return "";
        return found.Value.ValueKind == JsonValueKind.String
            ? Parsed(found.Name, found.Value.GetString()!, WhereParser.ParseFilter).Text
            : ConditionReader.ReadFilter(found.Value, of).Text;
    }

    static T Parsed<T>(string name, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw new ScenarioRefusedException($"\"{name}\" is no condition: {e.Message}");
        }
    }

    SourceDefinition Source(string side, IReadOnlyList<string> fields, Side of) =>
        new(side, "", "key", "time", HasId(side) ? "id" : "", "json", fields) { Filter = Filter(side, of) };

    bool HasId(string side)
    {
        if (Find(side + ".id") is not { } id)
            return join.Optional("dedup", false);
        return (id.Value.ValueKind == JsonValueKind.String ? id.Value.GetString() : null) switch
        {
            "id" => true,
            "none" => false,
            _ => throw new ScenarioRefusedException($"\"{side}.id\" is {id.Value.Describe()}, not id or none"),
        };
    }

    long RepairFor()
    {
        if (Find("late.repair-for") is not { } given)
            throw new ScenarioRefusedException("\"late.policy\" is repair: \"late.repair-for\" must say for how many ms");
        if (given.Value.ValueKind != JsonValueKind.Number || !given.Value.TryGetInt64(out var ms) || ms is < 1 or > TimeLimits.Max)
            throw new ScenarioRefusedException($"\"late.repair-for\" is {given.Value.Describe()}, not a number of ms above 0");
        return ms;
    }

    int MaxLefts()
    {
        if ((Find("attribution.max-lefts", "maxCollapsed") ?? Find("attribution.max-collapsed")) is not { } given)
            return 1000;
        if (given.Value.ValueKind != JsonValueKind.Number || !given.Value.TryGetInt32(out var most) || most < 1)
            throw new ScenarioRefusedException($"\"{given.Name}\" is {given.Value.Describe()}, not a whole number above 0");
        return most;
    }

    static IReadOnlyList<string> Paths(IReadOnlyList<string> attributes) => [.. attributes.Select(name => FieldPath.Format([name]))];

    // The definition is journaled as text, whose conditions have limits.
    static JoinDefinition Checked(JoinDefinition definition)
    {
        try
        {
            return DefinitionCodec.Read(DefinitionCodec.Write(definition));
        }
        catch (MalformedBatchException e)
        {
            throw new ScenarioRefusedException("\"where\" or \"filter\": " + (e.InnerException?.Message ?? e.Message));
        }
    }
}
