using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>Reads properties of a case and says what is wrong with them.</summary>
static class JsonReading
{
    internal static JsonElement Required(this JsonElement parent, string name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out var value))
            throw new ScenarioRefusedException($"\"{name}\" is missing");
        if (value.ValueKind != kind)
            throw new ScenarioRefusedException($"\"{name}\" is {value.Describe()}, not {Describe(kind)}");
        return value;
    }

    internal static bool Optional(this JsonElement parent, string name, bool otherwise)
    {
        if (!parent.TryGetProperty(name, out var value))
            return otherwise;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new ScenarioRefusedException($"\"{name}\" is {value.Describe()}, not true or false"),
        };
    }

    /// <summary>One of several words, in lower case.</summary>
    internal static T Word<T>(this JsonElement value, string name)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToArray();
        var index = value.ValueKind == JsonValueKind.String ? Array.IndexOf(words, value.GetString()) : -1;
        if (index < 0)
            throw new ScenarioRefusedException($"\"{name}\" is {value.Describe()}, not one of {string.Join(", ", words)}");
        return Enum.GetValues<T>()[index];
    }

    /// <summary>A whole number of milliseconds within <see cref="TimeLimits"/>.</summary>
    internal static long Time(this JsonElement parent, string name)
    {
        var value = parent.Required(name, JsonValueKind.Number);
        if (!value.TryGetInt64(out var time))
            throw new ScenarioRefusedException($"\"{name}\" is {value.GetRawText()}, not a whole number of milliseconds");
        if (time is < TimeLimits.Min or > TimeLimits.Max)
            throw new ScenarioRefusedException($"\"{name}\" is {time}, outside [{TimeLimits.Min}, {TimeLimits.Max}]");
        return time;
    }

    internal static string Describe(this JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Describe(value.ValueKind) : value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => kind.ToString(),
    };
}
