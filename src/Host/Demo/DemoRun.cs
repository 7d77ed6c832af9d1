using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using Spectre.Console;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// The demo: a broker in this process, a workload, the join as <c>run --bounded</c> does it, then the validation.
/// Nothing of the join is special to the demo; with --crash it is a child process.
/// </summary>
sealed class DemoRun(DemoOptions options, TextWriter output)
{
    const string Disorder = "out of order, late, duplicate, without key, malformed ones among them";

    const int PlainWidth = 1_000;
    readonly IAnsiConsole _console = Open(output);

    /// <summary>Runs the demo. Returns the exit code.</summary>
    internal async Task<int> RunAsync()
    {
        var directory = MakeDirectory();
        try
        {
            using var kafka = new EmbeddedKafka();
            return await RunAsync(kafka, directory);
        }
        finally
        {
            if (!options.Keep)
                Directory.Delete(directory, recursive: true);
        }
    }

    static string MakeDirectory()
    {
        try
        {
            return Directory.CreateTempSubdirectory("akkajoin-demo-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"no directory can be made in {Path.GetTempPath()} (TMPDIR names another): {e.Message}", ExitCodes.Failed);
        }
    }

    async Task<int> RunAsync(EmbeddedKafka kafka, string directory)
    {
        DemoTopics.Create(kafka);
        var file = Path.Combine(directory, "akkajoin.conf");
        await File.WriteAllTextAsync(file, DemoTopics.Configuration(kafka.BootstrapServers, directory, options));
        Say($"AkkaJoin demo: {options.Type.ToString().ToLowerInvariant()} join, {options.Events:N0} events, seed {options.Seed}");
        Say($"  broker   {kafka.BootstrapServers} (embedded, in this process)");
        Say($"  journal  {directory} (SQLite{(options.Keep ? "" : "; deleted at the end, --keep leaves it")})");

        // Whole minutes, so that a seed gives the same disorder at any time of day; in the past, so that nothing lies
        // ahead of the clock.
        var end = DateTimeOffset.UtcNow - (options.Stay ? DemoStay.Gap : TimeSpan.Zero);
        var start = (end.ToUnixTimeMilliseconds() - ((long)options.Events * Workload.StepMs)) / 60_000 * 60_000;
        var fed = Stopwatch.GetTimestamp();
        DemoFeeder.Feed(kafka.BootstrapServers, new Workload(options.Events, options.Seed, start));
        var seconds = Stopwatch.GetElapsedTime(fed).TotalSeconds;
        Say($"  fed      {options.Events:N0} records to {DemoTopics.Impressions} and {DemoTopics.Plays} in {seconds:N1} s: {Disorder}");

        var config = ConfigLoader.Load(file);
        var outcome = options.Crash
            ? await new CrashingEngine(file, config.Settings, options.Events, Say).RunAsync()
            : await JoinAsync(config);
        var code = await ValidateAsync(config.Settings, directory, outcome);
        if (options.Stay)
            await new DemoStay(kafka, file, options.Seed, Say).RunAsync();
        return code;
    }

    async Task<DemoOutcome> JoinAsync(LoadedConfig config)
    {
        Say("");
        var began = Stopwatch.GetTimestamp();
        await using var node = await Node.StartAsync(config, new EngineOptions(Bounded: true), null, CancellationToken.None);
        await new DemoProgress(_console, options.Json).WatchAsync(node.Joins[0]);
        return new DemoOutcome(RunLedger.Of(await node.Joins[0].Completion), Stopwatch.GetElapsedTime(began).TotalSeconds, 0);
    }

    async Task<int> ValidateAsync(AkkaJoinSettings settings, string directory, DemoOutcome outcome)
    {
        var join = settings.Joins[0];
        if (!options.Json)
            DemoSamples.Show(_console, settings.Kafka, join);
        var validation = await Validator.RunAsync(
            new ValidationRequest(settings.Kafka, join) { EndWatermarks = new EndWatermarks(TimeLimits.Max, TimeLimits.Max) });
        var report = new DemoReport(options, validation, outcome);
        if (options.Json)
            await output.WriteLineAsync(report.Json());
        else
            report.Write(_console, directory);
        return validation.Exact && outcome.Ledger.Balances ? ExitCodes.Good : ExitCodes.NotExact;
    }

    // Where the output is no terminal nothing is wrapped: a line is a line.
    static IAnsiConsole Open(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }

    void Say(FormattableString line) => Say(line.ToString(CultureInfo.InvariantCulture));

    void Say(string line)
    {
        if (!options.Json)
            output.WriteLine(line);
    }
}

/// <summary>What the user asked of the demo.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Seed">Of the workload.</param>
/// <param name="Type">The join.</param>
/// <param name="Crash">Whether the engine is a child process that is killed in the middle.</param>
/// <param name="Json">Whether the result is JSON.</param>
/// <param name="Keep">Whether the directory is left.</param>
/// <param name="Stay">Whether the join runs on behind the validation.</param>
sealed record DemoOptions(int Events, int Seed, JoinType Type, bool Crash, bool Json, bool Keep, bool Stay = false)
{
    /// <summary>
    /// The most records: the embedded broker keeps 5 MiB a partition and drops the oldest silently above it; with the
    /// demo's partitions, this many records and their rows stay below it in every type of join.
    /// </summary>
    internal const int EventsMax = 500_000;

    /// <summary>The size without --events.</summary>
    internal const int EventsDefault = 200_000;
}

/// <summary>How the demo's join went.</summary>
/// <param name="Ledger">The fates of all records.</param>
/// <param name="Seconds">From the start of the engine to its end, restarts included.</param>
/// <param name="Kills">How often the engine was killed.</param>
sealed record DemoOutcome(RunLedger Ledger, double Seconds, int Kills);
