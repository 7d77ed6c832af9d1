using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// What a run did and when: lines for people, and the same as JSON lines in a file, from which a run can be resumed.
/// Thread safe.
/// </summary>
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

/// <summary>One line of the timeline file. What does not apply is left out.</summary>
sealed record TimelineEntry(string Event)
{
    /// <summary>Seconds since this part of the run began.</summary>
    public double At { get; init; }

    /// <summary>The wall clock, ms since the epoch.</summary>
    public long Utc { get; init; }

    /// <summary>The node, from 1.</summary>
    public int? Node { get; init; }

    /// <summary>The process.</summary>
    public int? Process { get; init; }

    /// <summary>
    /// When the process started, as the system counts: a number alone may be that of another process by now.
    /// </summary>
    public string? Mark { get; init; }

    /// <summary>The same in words.</summary>
    public string? Text { get; init; }

    /// <summary>"part": what a resumed run needs to go on.</summary>
    public RunIdentity? Run { get; init; }

    /// <summary>"fed": the events that were handed to the producer.</summary>
    public long? Events { get; init; }

    /// <summary>"woken": when the node was frozen, ms since the epoch; it woke at <see cref="Utc"/>.</summary>
    public long? FrozenAt { get; init; }

    /// <summary>"closed": event times of lefts below this are late from now on.</summary>
    public long? LateBelowLeft { get; init; }

    /// <summary>"closed": event times of rights below this are late from now on.</summary>
    public long? LateBelowRight { get; init; }

    /// <summary>"silence": what a fault cost, ms.</summary>
    public double? SilenceMs { get; init; }

    /// <summary>"silence": the last row before it, ms since the epoch.</summary>
    public long? LastRow { get; init; }

    /// <summary>"silence": the first row after it, ms since the epoch.</summary>
    public long? FirstRow { get; init; }

    /// <summary>"silence": whose rows they are.</summary>
    public int? KeyGroup { get; init; }
}

/// <summary>The words of <see cref="TimelineEntry.Event"/> that something reads again.</summary>
static class TimelineEvents
{
    internal const string
        Part = "part",
        Started = "started",
        Running = "running",
        Fault = "fault",
        Ended = "ended",
        Woken = "woken",
        Silence = "silence",
        Fed = "fed",
        Closed = "closed",
        Said = "said",
        Validation = "validation";
}

/// <summary>What all parts of one run have in common; in the first line of the timeline.</summary>
/// <param name="Seed">Of faults and workload.</param>
/// <param name="Join">The user's join.</param>
/// <param name="StartMs">The event time of the first event, ms since the epoch.</param>
/// <param name="StepMs">Event time between two events, ms.</param>
/// <param name="Keys">How many keys the made workload has.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Input">The files that are fed, or null.</param>
sealed record RunIdentity(int Seed, string Join, long StartMs, double StepMs, long Keys, int Nodes, string[]? Input)
{
    /// <summary>The name of the join, and what the names of its topics and of its group begin with.</summary>
    public string Name => $"akkajoin-chaos-{Seed}";
}
