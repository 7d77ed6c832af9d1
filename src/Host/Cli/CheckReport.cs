using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>Writes what check found.</summary>
static class CheckReport
{
    const int NameWidthMax = 36;
    const int ValueWidthMax = 40;

    // For terminals and files, never for a web page.
    static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The settings in groups, then a sentence for each join, then ok.</summary>
    public static void WriteText(LoadedConfig config, TextWriter output)
    {
        foreach (var group in config.Effective.GroupBy(setting => GroupOf(setting.Key))) WriteGroup(group.Key, [.. group], output);
        foreach (var join in config.Settings.Joins) output.WriteLine(JoinSentence.Describe(join));
        foreach (var sentence in new JoinChain(config.Settings.Joins).Sentences()) output.WriteLine(sentence);
        output.WriteLine("ok");
    }

    /// <summary>One object: {"ok", "errors": [{"message", "file", "line", "key"}], "settings": [{"key", "value", "origin"}]}.</summary>
    public static void WriteJson(IReadOnlyList<ConfigProblem> problems, IReadOnlyList<EffectiveSetting> settings, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", problems.Count == 0);
            json.WriteStartArray("errors");
            foreach (var problem in problems) WriteProblem(json, problem);
            json.WriteEndArray();
            json.WriteStartArray("settings");
            foreach (var setting in settings) WriteSetting(json, setting);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    static void WriteProblem(Utf8JsonWriter json, ConfigProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("message", problem.Message);
        json.WriteString("file", problem.Origin?.File);
        if (problem.Origin is { Line: > 0 } origin) json.WriteNumber("line", origin.Line);
        else json.WriteNull("line");
        json.WriteString("key", problem.Key);
        json.WriteEndObject();
    }

    static void WriteSetting(Utf8JsonWriter json, EffectiveSetting setting)
    {
        json.WriteStartObject();
        json.WriteString("key", setting.Key);
        json.WriteString("value", setting.Value);
        json.WriteString("origin", setting.Origin);
        json.WriteEndObject();
    }

    static void WriteGroup(string group, IReadOnlyList<EffectiveSetting> settings, TextWriter output)
    {
        var names = settings.Select(setting => setting.Key == group ? "" : setting.Key[(group.Length + 1)..]).ToList();
        var nameWidth = Math.Min(names.Max(name => name.Length), NameWidthMax);
        var valueWidth = Math.Min(settings.Max(setting => setting.Value.Length), ValueWidthMax);
        output.WriteLine(group);
        for (var i = 0; i < names.Count; i++)
        {
            var value = settings[i].Value.ReplaceLineEndings("\\n").PadRight(valueWidth);
            output.WriteLine($"  {names[i].PadRight(nameWidth)}  {value}  {settings[i].Origin}");
        }

        output.WriteLine();
    }

    /// <summary>akkajoin, akkajoin.kafka, akkajoin.flow ..., akkajoin.joins.NAME, and one group for each other root.</summary>
    static string GroupOf(string key)
    {
        if (!key.StartsWith("akkajoin.", StringComparison.Ordinal)) return UpTo(key, 1);
        if (key.StartsWith("akkajoin.joins.", StringComparison.Ordinal)) return UpTo(key, 3);
        return UpTo(key, 2) == key ? "akkajoin" : UpTo(key, 2);
    }

    /// <summary>The first elements of a path; dots in quotes do not count.</summary>
    static string UpTo(string key, int elements)
    {
        var quoted = false;
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] == '"') quoted = !quoted;
            if (key[i] == '.' && !quoted && --elements == 0) return key[..i];
        }

        return key;
    }
}
