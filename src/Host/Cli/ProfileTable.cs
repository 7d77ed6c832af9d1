using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// Where the process's CPU went: the stages as they measure themselves, then the threads of others by their names, and
/// what is left.
/// </summary>
static class ProfileTable
{
    const string Tasks = "/proc/self/task";

    static readonly (string Name, ProfileStage Stage)[] Stages =
    [
        ("consume", ProfileStage.Consume),
        ("decode, route", ProfileStage.Route),
        ("batch, encode", ProfileStage.Batch),
        ("transport to groups", ProfileStage.Transport),
        ("accept, answer", ProfileStage.Accept),
        ("journal", ProfileStage.Journal),
        ("apply (join)", ProfileStage.Apply),
        ("render", ProfileStage.Render),
        ("produce", ProfileStage.Produce),
        ("commit", ProfileStage.Commit),
    ];

    // How the kernel calls the threads: up to 15 characters.
    static readonly (string Name, string Prefix)[] Threads =
    [
        ("librdkafka", "rdk:"),
        ("producer's answers", "kafka-producer"),
        ("GC, background", ".NET BGC"),
        ("JIT, background", ".NET Tiered"),
    ];

    /// <summary>The lines: name, and CPU seconds. They add up to the last, which is the process.</summary>
    internal static IReadOnlyList<(string Name, double Seconds)> Read()
    {
        var lines = Stages.Select(s => (s.Name, Profile.Of(s.Stage).TotalSeconds)).ToList();
        var threads = ThreadSeconds();
        foreach (var (name, prefix) in Threads)
            lines.Add((name, threads.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(t => t.Seconds)));
        var process = Environment.CpuUsage.TotalTime.TotalSeconds;
        lines.Add(("other", Math.Max(0, process - lines.Sum(l => l.Item2))));
        lines.Add(("process", process));
        return lines;
    }

    /// <summary>For people.</summary>
    internal static string Text(long consumed)
    {
        var lines = Read();
        var process = lines[^1].Seconds;
        var text = new StringBuilder("  CPU by stage           us/record      %\n");
        foreach (var (name, seconds) in lines)
        {
            text.Append(string.Create(
                CultureInfo.InvariantCulture, $"  {name,-22} {PerRecord(seconds, consumed),9:0.000} {100 * seconds / process,6:0.0}\n"));
        }

        var paused = GC.GetTotalPauseDuration().TotalSeconds;
        text.Append(string.Create(
            CultureInfo.InvariantCulture, $"  paused for the GC {paused:0.00} s, part of the stages on whose threads it ran"));
        return text.ToString();
    }

    /// <summary>For programs.</summary>
    internal static object Json(long consumed) => new
    {
        stages = Read().Select(l => new { stage = l.Name, cpuSeconds = l.Seconds, usPerRecord = PerRecord(l.Seconds, consumed) }),
        gcPauseSeconds = GC.GetTotalPauseDuration().TotalSeconds,
    };

    static double PerRecord(double seconds, long consumed) => consumed > 0 ? seconds * 1_000_000 / consumed : 0;

    // A thread that has ended is in no list any more, and its time in "other".
    static List<(string Name, double Seconds)> ThreadSeconds()
    {
        var threads = new List<(string, double)>();
        if (!Directory.Exists(Tasks))
            return threads;
        foreach (var task in Directory.EnumerateDirectories(Tasks))
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n');
                var ns = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0];
                threads.Add((name, long.Parse(ns, CultureInfo.InvariantCulture) / 1e9));
            }
            catch (IOException)
            {
                // It ended just now.
            }
        }

        return threads;
    }
}
