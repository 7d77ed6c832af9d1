using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaJoin.Host.Chaos;

/// <summary>What a run did and when: lines for people, and the same as JSON lines in a file, from which a run can be resumed. Thread safe.</summary>
sealed class Timeline : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly Lock _gate = new();
    readonly StreamWriter _file;
    readonly TextWriter? _output;
    readonly long _began = Stopwatch.GetTimestamp();

    /// <param name="path">The file; lines are added to it.</param>
    /// <param name="output">Where the lines for people go, or null.</param>
    internal Timeline(string path, TextWriter? output)
    {
        // Each line is with the system when it is written: what follows a crash reads it.
        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        _output = output;
    }

    /// <summary>Seconds since this part of the run began.</summary>
    internal double Elapsed => Stopwatch.GetElapsedTime(_began).TotalSeconds;

    /// <summary>The lines of a file; a last line that was cut off by a crash is left out.</summary>
    internal static IReadOnlyList<TimelineEntry> Read(string path)
    {
        var entries = new List<TimelineEntry>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<TimelineEntry>(line, Json) is { } entry)
                    entries.Add(entry);
            }
            catch (JsonException)
            {
                // Half a line: the process died while writing it.
            }
        }

        return entries;
    }

    /// <summary>Adds a line that people see too.</summary>
    internal void Say(TimelineEntry entry)
    {
        lock (_gate)
        {
            Write(entry);
            _output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Elapsed,8:0.0} s  {entry.Text}"));
        }
    }

    /// <summary>Adds a line to the file alone.</summary>
    internal void Note(TimelineEntry entry)
    {
        lock (_gate)
            Write(entry);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }

    void Write(TimelineEntry entry) => _file.WriteLine(JsonSerializer.Serialize(
        entry with { At = Math.Round(Elapsed, 3), Utc = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }, Json));
}
