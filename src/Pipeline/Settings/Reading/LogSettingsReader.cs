using AkkaJoin.Pipeline.Hocon;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.log</c>.</summary>
static class LogSettingsReader
{
    public static LogSettings Read(Section section) => new()
    {
        Level = section.Choice("level", [.. LogSettings.Words]),
        Format = section.Choice("format", ("text", LogFormat.Text), ("json", LogFormat.Json)),
        Levels = ReadLevels(section),
    };

    static Dictionary<string, LogLevel> ReadLevels(Section section)
    {
        var levels = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase);
        if (section.Value("levels") is HoconObject named)
            ReadLevels(named, "", section.Child("levels"), levels);
        return levels;
    }

    // A name with dots is an object in an object where it was not quoted.
    static void ReadLevels(HoconObject named, string prefix, Section section, Dictionary<string, LogLevel> levels)
    {
        foreach (var (key, value) in named.Fields)
        {
            if (value is HoconObject below)
                ReadLevels(below, $"{prefix}{key}.", section.Child(key), levels);
            else if (value is not HoconNull)
                levels[prefix + key] = section.Choice(key, [.. LogSettings.Words]);
        }
    }
}
