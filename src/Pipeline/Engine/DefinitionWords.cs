using System.Globalization;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Says a difference of definitions in the words of the configuration: its keys, its units, file and line.
/// </summary>
static class DefinitionWords
{
    const string Ms = "-ms", Nothing = "none", MinTime = "min-time-ms";

    // Names of the definition that are other keys of the configuration, or none of it.
    static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["left.fields"] = "the left fields of where",
        ["right.fields"] = "the right fields of where",
        ["left.topic-id"] = "the broker's id of left.topic",
        ["right.topic-id"] = "the broker's id of right.topic",
        ["attribution.max-collapsed"] = "attribution.max-lefts",
        ["key-hash"] = "the program's hash of keys",
    };

    /// <summary>
    /// One line, such as
    /// <c>max-out-of-orderness (akkajoin.conf:12): 30 s in the journal, 1 min in the configuration</c>.
    /// </summary>
    internal static string Describe(DefinitionChange change, JoinSettings join)
    {
        var key = Key(change.Name);
        var origin = join.Origins.GetValueOrDefault(key) is { } found ? $" ({found})" : "";
        return $"{key}{origin}: {Value(change.Name, change.Journaled)} in the journal, {Value(change.Name, change.Configured)} "
            + $"{Where(change)}{Narrowed(change.Name, join)}";
    }

    static string Where(DefinitionChange change) => change switch
    {
        { IsTopicId: true } => "at the broker",
        { Name: "key-hash" } => "in this program",
        _ => "in the configuration",
    };

    static string Key(string name) =>
        Keys.GetValueOrDefault(name) ?? (name.EndsWith(Ms, StringComparison.Ordinal) ? name[..^Ms.Length] : name);

    static string Value(string name, string value)
    {
        if (value.Length == 0)
            return Nothing;
        if (name == MinTime && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
            return EventTimeLimits.Show(time);
        if (name.EndsWith(Ms, StringComparison.Ordinal))
            return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)
                ? Durations.Show(ms)
                : value;
        return name switch
        {
            "type" or "late.policy" or "attribution.credit" or "idle.policy" => SettingWords.Of(value),
            "left.time" or "right.time" => Time(value),
            "left.fields" or "right.fields" => value.Replace("\n", ", ", StringComparison.Ordinal),
            _ => value,
        };
    }

    static string Time(string value) =>
        TimeFormats.Names.Aggregate(value, (text, named) => text.Replace($"({named.Format})", $"({named.Name})", StringComparison.Ordinal));

    // Where bounds leaves an end out, the definition has a window that is 1 ms narrower than the configuration says.
    static string Narrowed(string name, JoinSettings join) =>
        (name == "before-ms" && !join.LowerInclusive) || (name == "after-ms" && !join.UpperInclusive) ? " (1 ms less than it "
            + "says: bounds leaves this end out)" : "";
}
