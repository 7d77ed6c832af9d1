using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Judging;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using Spectre.Console;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// The demo: a broker in this process, a workload, the join as <c>run --bounded</c> does it, then the judge. Nothing of the join is
/// special to the demo; with --crash it is a child process.
/// </summary>
sealed class DemoRun(DemoOptions options, TextWriter output)
{
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
            throw new UserException($"no directory can be made in {Path.GetTempPath()} (TMPDIR names another): {e.Message}", ExitCodes.Failed);
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

        // Whole minutes, so that a seed gives the same disorder at any time of day; in the past, so that nothing lies ahead of the clock.
        var start = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - ((long)options.Events * Workload.StepMs)) / 60_000 * 60_000;
        var fed = Stopwatch.GetTimestamp();
        DemoFeeder.Feed(kafka.BootstrapServers, new Workload(options.Events, options.Seed, start));
        Say($"  fed      {options.Events:N0} records to {DemoTopics.Impressions} and {DemoTopics.Plays} in {Stopwatch.GetElapsedTime(fed).TotalSeconds:N1} s: out of order, late, duplicate, without key, malformed ones among them");

        var config = ConfigLoader.Load(file);
        var outcome = options.Crash
            ? await new CrashingEngine(file, config.Settings, options.Events, Say).RunAsync()
            : await JoinAsync(config);
        return await JudgeAsync(config.Settings, directory, outcome);
    }

    async Task<DemoOutcome> JoinAsync(LoadedConfig config)
    {
        Say("");
        var began = Stopwatch.GetTimestamp();
        await using var node = await Node.StartAsync(config, new EngineOptions(Bounded: true), null, CancellationToken.None);
        await new DemoProgress(_console, options.Json).WatchAsync(node.Joins[0]);
        return new DemoOutcome(RunLedger.Of(await node.Joins[0].Completion), Stopwatch.GetElapsedTime(began).TotalSeconds, 0);
    }

    async Task<int> JudgeAsync(AkkaJoinSettings settings, string directory, DemoOutcome outcome)
    {
        var join = settings.Joins[0];
        if (!options.Json)
            DemoSamples.Show(_console, settings.Kafka, join);
        var verdict = await Judge.RunAsync(new JudgeRequest(settings.Kafka, join) { Closed = new ClosedThrough(TimeLimits.Max, TimeLimits.Max) });
        var report = new DemoReport(options, verdict, outcome);
        if (options.Json)
            await output.WriteLineAsync(report.Json());
        else
            report.Write(_console, directory);
        return verdict.Exact && outcome.Ledger.Balances ? ExitCodes.Good : ExitCodes.NotExact;
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
