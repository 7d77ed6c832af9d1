using System.Text.Json;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>
/// <c>akkajoin run --bounded</c> as a process of its own: with its own consumer group, output topics and journal, as a user would
/// start it.
/// </summary>
sealed class JoinProcess
{
    readonly Broker _broker;
    readonly string _directory;
    readonly IRunJournal _journal;

    /// <param name="broker">The broker.</param>
    /// <param name="topics">The topics to join.</param>
    /// <param name="join">The type of the join.</param>
    /// <param name="name">A name that no run on this broker had.</param>
    /// <param name="parent">Where the run's own directory goes.</param>
    /// <param name="database">Where the journal goes; null = SQLite, in the run's directory.</param>
    internal JoinProcess(Broker broker, LoadTopics topics, string join, string name, string parent, Database? database = null)
    {
        _broker = broker;
        _directory = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        _journal = database is null ? new SqliteRunJournal(Path.Combine(_directory, "journal")) : new PostgresqlRunJournal(database, name);
        Output = name;
        File.WriteAllText(ConfigFile, JoinText.Of(topics, join, "10m", Output, _journal.Config));
    }

    /// <summary>The topic of the rows.</summary>
    internal string Output { get; }

    /// <summary>All topics that it writes.</summary>
    internal string[] Outputs => [Output, Output + ".late", Output + ".dead"];

    /// <summary>The configuration that it runs with.</summary>
    internal string ConfigFile => Path.Combine(_directory, "akkajoin.conf");

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="UserException">It failed.</exception>
    internal async Task<RunFigures> RunAsync()
    {
        var (brokerBefore, databaseBefore) = (_broker.CpuSeconds, _journal.ServerCpuSeconds);
        var run = await ChildRun.RunAsync(Repository.Program, "run", "--bounded", "--json", "-c", ConfigFile);
        if (run.ExitCode != 0)
            throw new UserException($"akkajoin run ended with {run.ExitCode}: {run.Error}", 1);
        using var result = JsonDocument.Parse(run.Output);
        var reported = result.RootElement.GetProperty("cpuSeconds").GetDouble();
        return new RunFigures
        {
            Records = result.RootElement.GetProperty("consumed").GetInt64(),
            Rows = result.RootElement.GetProperty("rows").GetInt64(),
            CpuSeconds = run.CpuSeconds ?? reported,
            ReportedCpuSeconds = reported,
            SampledCpuSeconds = run.SampledCpuSeconds,
            BrokerCpuSeconds = _broker.CpuSeconds - brokerBefore,
            PostgresqlCpuSeconds = _journal.ServerCpuSeconds - databaseBefore,
            WallSeconds = run.WallSeconds,
            PeakResidentBytes = run.PeakResidentBytes,
            JournalEvents = await _journal.EventsAsync(),
        };
    }

    /// <summary>Has <c>akkajoin validate</c> validate the run. Null where the program has no such verb.</summary>
    internal async Task<ValidationFigures?> ValidateAsync()
    {
        if (!(await ChildRun.RunAsync(Repository.Program, "--help")).Output.Contains("\n  validate", StringComparison.Ordinal))
            return null;
        var run = await ChildRun.RunAsync(Repository.Program, "validate", "--json", "-c", ConfigFile);
        if (run.ExitCode is not (0 or 2))
            throw new UserException($"akkajoin validate ended with {run.ExitCode}: {run.Error}", 1);
        using var validation = JsonDocument.Parse(run.Output);
        return new ValidationFigures(
            run.ExitCode == 0,
            validation.RootElement.GetProperty("expected").GetInt64(),
            validation.RootElement.GetProperty("found").GetInt64(),
            validation.RootElement.GetProperty("missing").GetInt64(),
            validation.RootElement.GetProperty("extra").GetInt64());
    }

    /// <summary>Deletes its journal, so that many runs need no more disk than one. Its topics are the caller's.</summary>
    internal async Task ForgetAsync()
    {
        await _journal.DropAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
