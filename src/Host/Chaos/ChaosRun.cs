using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A run: starts nodes, feeds them, carries out the plan of faults, lets everything come to rest, and validates the
/// rows. Whatever happens, no process that it started outlives it.
/// </summary>
sealed class ChaosRun(ChaosOptions options, TextWriter output)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs. Returns the exit code.</summary>
    internal async Task<int> RunAsync()
    {
        var directory = ChaosDirectory.Open(options);
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Signalled(context, interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Signalled(context, interrupted));
        try
        {
            var good = await RunAsync(directory, interrupted.Task);
            if (good)
                directory.Delete();
            else
                await output.WriteLineAsync($"The timeline, the logs and every difference are in {directory.Root}");
            return good ? ExitCodes.Good : ExitCodes.NotExact;
        }
        catch (UserException e) when (e.ExitCode is ExitCodes.Usage or ExitCodes.Config)
        {
            directory.Delete();
            throw;
        }
        catch (UserException e)
        {
            throw new UserException(
                $"{e.Message}\nThe timeline and the logs are in {directory.Root}; akkajoin chaos -c {options.ConfigFile} --directory "
                + $"{directory.Root} --resume goes on with the run",
                e.ExitCode,
                e);
        }
    }

    static void Signalled(PosixSignalContext context, TaskCompletionSource interrupted)
    {
        context.Cancel = true;
        interrupted.TrySetException(new UserException("interrupted", ExitCodes.Failed));
    }

    async Task<bool> RunAsync(ChaosDirectory directory, Task interrupted)
    {
        var past = options.Resume ? new PastRun(directory.Timeline) : null;
        foreach (var process in past?.LeftBehind ?? [])
            process.Kill();
        using var timeline = new Timeline(directory.Timeline, options.Json ? null : output);
        await using var services = new ChaosServices(options, directory);
        await services.StartAsync(timeline);
        var (settings, user) = ChaosConfig.User(options, services.BootstrapServers);
        var nodes = options.Embedded || (settings.Journal.Postgresql is null && options.StartPostgresql is null) ? 1 : options.Nodes;
        var run = past?.Identity ?? WorkloadPace.Decide(options, user, nodes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        ChaosConfig.Write(options, directory, user, run, services.BootstrapServers);
        var (own, join) = ChaosConfig.Run(directory, run);
        var source = Source(run, join, past);
        if (past is null)
            await CreateTopicsAsync(services, own, run, user);
        timeline.Say(new TimelineEntry(TimelineEvents.Part) { Run = run, Text = Describe(run, nodes, own, join) });
        var result = await FaultsAndValidationAsync(
            new ChaosParts(directory, timeline, services, own, join, run, past, source), nodes, interrupted);
        var report = new ChaosReport(result);
        timeline.Note(new TimelineEntry(TimelineEvents.Validation) { Text = result.IsGood ? "exact" : string.Join("; ", result.Problems) });
        await output.WriteLineAsync(options.Json ? report.Json() : report.Text());
        if (result.IsGood && directory.IsTemporary && services.BootstrapServers is null)
            await ChaosTopics.DeleteAsync(own.Kafka, run, user);
        return result.IsGood;
    }

    static async Task CreateTopicsAsync(ChaosServices services, AkkaJoinSettings own, RunIdentity run, JoinSettings user)
    {
        if (services.Embedded is { } embedded)
            ChaosTopics.Create(embedded, run, user);
        else
            await ChaosTopics.CreateAsync(own.Kafka, run, user);
    }

    IRecordSource Source(RunIdentity run, JoinSettings join, PastRun? past) => run.Input is { } files
        ? new InputFiles(join, files, options.Rate, options.Minutes * 60, past)
        : new ChaosWorkload(join, run, past?.Part ?? 0, options.Rate);

    async Task<ChaosResult> FaultsAndValidationAsync(ChaosParts parts, int count, Task interrupted)
    {
        var (kafka, join) = (parts.Settings.Kafka, parts.Join);
        using var nodes = new ChaosNodes(count, parts.Directory, join, parts.Timeline, () => parts.Services.IsAway);
        var silences = new FeederSilences(parts.Run.Seed, parts.Past?.Part ?? 0, options.Minutes * 60, options.Silences);
        using var feeder = new ChaosFeeder(kafka, (join.Left.Topic, join.Right.Topic), parts.Source, silences, parts.Timeline);
        using var rows = await RowWatch.StartAsync(kafka, join.Output.Topic);
        var injector = new FaultInjector(nodes.All, parts.Services.Kafka, parts.Services.Postgresql, parts.Timeline);
        var outages = new Outages(injector, rows, parts.Timeline);
        var work = WorkAsync(parts, nodes, feeder, injector, outages);
        var first = await Task.WhenAny(work, nodes.Failure, injector.Failure, interrupted);
        await first;
        var ledger = await work;
        var end = EndWatermarks.Read(parts.Settings.Journal, join.Name);
        var validation = await Validator.RunAsync(
            new ValidationRequest(kafka, join) { EndWatermarks = end, DifferencesFile = parts.Directory.Differences });
        var doubled = await Task.Run(() => DoubledRows.Read(kafka, join.Output.Topic, parts.Freezes(injector.Done)));
        return new ChaosResult(parts.Run, validation, ledger, injector.Done)
        {
            Doubled = doubled.All,
            DoubledByWoken = doubled.OfWoken,
            ClaimsTail = join.Output.Deduplicate == Deduplicate.Tail && !options.Embedded,
            Fed = feeder.Acknowledged,
            MayBeLate = options.Silences > 0,
            Downed = nodes.Downed,
            Seconds = parts.Timeline.Elapsed,
        };
    }

    /// <summary>The run without its validation: faults, rest, and the last rows.</summary>
    async Task<RunLedger> WorkAsync(ChaosParts parts, ChaosNodes nodes, ChaosFeeder feeder, FaultInjector injector, Outages outages)
    {
        nodes.Start();
        feeder.Start(parts.FirstEvent(options.Rate));
        await nodes.RunningAsync();
        var request = new FaultPlanRequest(parts.Run.Seed, options.Minutes * 60, options.Faults, nodes.All.Count)
        {
            Part = parts.Past?.Part ?? 0,
            Kafka = parts.Services.Kafka is not null,
            Postgresql = parts.Services.Postgresql is not null,
        };
        var faults = injector.RunAsync(FaultPlan.Make(request));
        var time = Task.Delay(TimeSpan.FromMinutes(options.Minutes));
        while (!faults.IsCompleted || !time.IsCompleted)
        {
            await Task.WhenAny(Task.WhenAll(faults, time), Task.Delay(LookInterval));
            outages.Look(final: false);
            if (feeder.Completion.IsFaulted || faults.IsFaulted)
                break;
        }

        await faults;
        await feeder.EndAsync();
        Say(parts.Timeline, $"no more faults; {CountText.Of(feeder.Acknowledged, "record was", "records were")} fed, the nodes catch up");
        await CatchUp.CompleteAsync(parts.Settings.Kafka, parts.Join, nodes.Failure, () => outages.Look(final: false));
        outages.Look(final: true);
        Say(parts.Timeline, $"everything is read and committed; the nodes end, a bounded run lets the last rows out");
        var json = await nodes.CloseAsync();
        var ended = JsonDocument.Parse(json).RootElement;
        parts.Timeline.Note(new TimelineEntry(TimelineEvents.Closed)
        {
            LateBelowLeft = Number(ended, "lateBelowLeft"),
            LateBelowRight = Number(ended, "lateBelowRight"),
        });
        Say(parts.Timeline, $"all rows are out; the validator compares");
        return RunLedger.Parse(json);
    }

    static long? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    static void Say(Timeline timeline, FormattableString text) =>
        timeline.Say(new TimelineEntry(TimelineEvents.Said) { Text = text.ToString(CultureInfo.InvariantCulture) });

    string Describe(RunIdentity run, int nodes, AkkaJoinSettings settings, JoinSettings join) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Join} as {run.Name}: {CountText.Of(nodes, "node")}, {(settings.Journal.Postgresql is null ? "SQLite" : "PostgreSQL")}, "
        + $"Kafka at {settings.Kafka.BootstrapServers}, seed {run.Seed}, {options.Minutes:0.##} min, "
        + $"{options.Faults:0.##} faults a minute, {options.Rate} events/s; rows go to {join.Output.Topic}");
}
