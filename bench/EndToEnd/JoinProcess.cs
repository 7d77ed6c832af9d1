using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Pipeline;
using Microsoft.Data.Sqlite;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>
/// <c>akkajoin run --bounded</c> as a process of its own: with its own consumer group, output topics and journal, as a user would
/// start it.
/// </summary>
sealed class JoinProcess
{
    static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);
    readonly Broker _broker;
    readonly string _directory;

    /// <param name="broker">The broker.</param>
    /// <param name="topics">The topics to join.</param>
    /// <param name="join">The type of the join.</param>
    /// <param name="name">A name that no run on this broker had.</param>
    /// <param name="parent">Where the run's own directory goes.</param>
    internal JoinProcess(Broker broker, LoadTopics topics, string join, string name, string parent)
    {
        _broker = broker;
        _directory = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        Output = name;
        File.WriteAllText(ConfigFile, JoinText.Of(topics, join, "10m", Output, $"journal = sqlite, sqlite.directory = \"{JournalDirectory}\""));
    }

    /// <summary>The topic of the rows.</summary>
    internal string Output { get; }

    /// <summary>The configuration that it runs with.</summary>
    internal string ConfigFile => Path.Combine(_directory, "akkajoin.conf");

    string JournalDirectory => Path.Combine(_directory, "journal");

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="UserException">It failed.</exception>
    internal async Task<RunFigures> RunAsync()
    {
        var brokerBefore = _broker.CpuSeconds;
        var childrenBefore = ProcFiles.EndedChildrenCpuSeconds();
        var began = Stopwatch.GetTimestamp();
        using var process = Start("run", "--bounded", "--json", "-c", ConfigFile);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var (sampled, peak) = await SampleAsync(process);
        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (process.ExitCode != 0)
            throw new UserException($"akkajoin run ended with {process.ExitCode}: {await error}", 1);
        using var result = JsonDocument.Parse(await output);
        var reported = result.RootElement.GetProperty("cpuSeconds").GetDouble();
        return new RunFigures
        {
            Records = result.RootElement.GetProperty("consumed").GetInt64(),
            Rows = result.RootElement.GetProperty("rows").GetInt64(),
            CpuSeconds = ProcFiles.EndedChildrenCpuSeconds() - childrenBefore ?? reported,
            ReportedCpuSeconds = reported,
            SampledCpuSeconds = sampled,
            BrokerCpuSeconds = _broker.CpuSeconds - brokerBefore,
            WallSeconds = wall,
            PeakResidentBytes = peak,
            JournalEvents = JournalEvents(),
        };
    }

    /// <summary>Has <c>akkajoin validate</c> judge the run. Null where the program has no such verb.</summary>
    internal async Task<JudgeFigures?> JudgeAsync()
    {
        if (!(await OutputAsync("--help")).Output.Contains("\n  validate", StringComparison.Ordinal))
            return null;
        var (code, output) = await OutputAsync("validate", "--json", "-c", ConfigFile);
        if (code is not (0 or 2))
            throw new UserException($"akkajoin validate ended with {code}", 1);
        using var verdict = JsonDocument.Parse(output);
        return new JudgeFigures(
            code == 0,
            verdict.RootElement.GetProperty("expected").GetInt64(),
            verdict.RootElement.GetProperty("found").GetInt64(),
            verdict.RootElement.GetProperty("missing").GetInt64(),
            verdict.RootElement.GetProperty("extra").GetInt64());
    }

    static async Task<(int Code, string Output)> OutputAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await error;
        return (process.ExitCode, output);
    }

    static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    static async Task<(double? Cpu, long? Peak)> SampleAsync(Process process)
    {
        var (cpu, peak) = ((double?)null, (long?)null);
        var ended = process.WaitForExitAsync();
        while (!ended.IsCompleted)
        {
            cpu = ProcFiles.CpuSeconds(process.Id) ?? cpu;
            peak = ProcFiles.PeakResidentBytes(process.Id) ?? peak;
            await Task.WhenAny(ended, Task.Delay(SampleInterval));
        }

        await ended;
        return (cpu, peak);
    }

    // The numbers are given once and for all, so the highest counts the deleted events too.
    long JournalEvents()
    {
        var place = new SqliteConnectionStringBuilder { DataSource = Path.Combine(JournalDirectory, "journal.db"), Pooling = false };
        using var connection = new SqliteConnection(place.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
        return Convert.ToInt64(command.ExecuteScalar() ?? 0L, CultureInfo.InvariantCulture);
    }
}
