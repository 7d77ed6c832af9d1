using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Engine.Live;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>Writes what check found.</summary>
static class CheckReport
{
    const int NameWidthMax = 36;
    const int ValueWidthMax = 40;

    // For terminals and files, never for a web page.
    static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The settings in groups, then a sentence for each join.</summary>
    public static void WriteText(LoadedConfig config, TextWriter output)
    {
        foreach (var group in config.Effective.GroupBy(setting => GroupOf(setting.Key))) WriteGroup(group.Key, [.. group], output);
        foreach (var join in config.Settings.Joins) output.WriteLine(JoinSentence.Describe(join));
        foreach (var sentence in new JoinChain(config.Settings.Joins).Sentences()) output.WriteLine(sentence);
        foreach (var warning in config.Warnings) output.WriteLine($"warning: {warning}");
    }

    /// <summary>
    /// What the brokers and the journal had to say, a line each, and ok, or how many errors there are.
    /// </summary>
    public static void WriteEnd(IReadOnlyList<LiveFinding>? findings, TextWriter output)
    {
        foreach (var finding in findings ?? [])
        {
            var join = finding.Join.Length > 0 ? finding.Join + ": " : "";
            output.WriteLine($"{Word(finding.Severity),-8}{join}{finding.Message.ReplaceLineEndings("; ")}");
        }

        var errors = findings?.Count(finding => finding.Severity == LiveSeverity.Error) ?? 0;
        output.WriteLine(errors == 0 ? "ok" : $"{errors} {(errors == 1 ? "error" : "errors")}");
    }

    static string Word(LiveSeverity severity) => severity switch
    {
        LiveSeverity.Good => "good",
        LiveSeverity.Warning => "warning",
        _ => "error",
    };

    /// <summary>
    /// One object: {"ok", "errors": [{"message", "file", "line", "key"}], "warnings": [the same], "settings": [{"key",
    /// "value", "origin"}]}, and with --live "live": [{"severity", "join", "message"}].
    /// </summary>
    public static void WriteJson(
        IReadOnlyList<ConfigProblem> problems, LoadedConfig? config, IReadOnlyList<LiveFinding>? findings, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", problems.Count == 0 && findings?.Any(finding => finding.Severity == LiveSeverity.Error) != true);
            json.WriteStartArray("errors");
            foreach (var problem in problems) WriteProblem(json, problem);
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in config?.Warnings ?? []) WriteProblem(json, warning);
            json.WriteEndArray();
            json.WriteStartArray("settings");
            foreach (var setting in config?.Effective ?? []) WriteSetting(json, setting);
            json.WriteEndArray();
            if (findings is not null)
                WriteLive(json, findings);
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

    static void WriteLive(Utf8JsonWriter json, IReadOnlyList<LiveFinding> findings)
    {
        json.WriteStartArray("live");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", Word(finding.Severity));
            if (finding.Join.Length > 0) json.WriteString("join", finding.Join);
            else json.WriteNull("join");
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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

    /// <summary>
    /// akkajoin, akkajoin.kafka, akkajoin.flow ..., akkajoin.joins.NAME, and one group for each other root.
    /// </summary>
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
