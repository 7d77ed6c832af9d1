using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Logs;

/// <summary>
/// How entries of the log are written. As text: <c>2026-11-29 07:01:02.345Z INFO  kafka.consuming: message</c>, and the
/// trace of a defect below it. As JSON: an object on a line, with time, level, category, message and trace.
/// </summary>
static class LogLines
{
    // A line goes to a terminal or a collector, never into a page: what a person reads stays readable.
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry as it is written, without the end of its last line.</summary>
    internal static string Line(LogEntry entry, LogFormat format) => format == LogFormat.Json ? Json(entry) : Text(entry);

    /// <summary>The entry as text.</summary>
    internal static string Text(LogEntry entry)
    {
        var trace = entry.Trace is null ? "" : ": " + entry.Trace;
        return $"{Time(entry)} {Word(entry.Level).ToUpperInvariant(),-5} {entry.Category}: {entry.Message}{trace}";
    }

    /// <summary>Several lines as one: a database adds details below what it says.</summary>
    internal static string InOneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Date, time and zone.</summary>
    internal static string Time(LogEntry entry) =>
        entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The word for a level.</summary>
    internal static string Word(LogLevel level) => level switch
    {
        LogLevel.Error or LogLevel.Critical => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };

    static string Json(LogEntry entry)
    {
        var fields = new Dictionary<string, string>
        {
            ["time"] = entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["level"] = Word(entry.Level),
            ["category"] = entry.Category,
            ["message"] = entry.Message,
        };
        if (entry.Trace is not null)
            fields["trace"] = entry.Trace;
        return JsonSerializer.Serialize(fields, Readable);
    }
}
