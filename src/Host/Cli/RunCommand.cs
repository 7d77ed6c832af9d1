using System.CommandLine;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>run -c FILE</c>: runs the joins of a configuration until stopped, or up to the ends found at the start.
/// </summary>
static class RunCommand
{
    internal static Verb Create()
    {
        var config = new ConfigOptions();
        var json = CommonOptions.Json();
        var bounded = new Option<bool>("--bounded")
        {
            Description = "Read each partition to the end offset found at the start, let every row out, and end.",
        };
        var keepOpen = new Option<bool>("--keep-open")
        {
            Description = "With --bounded: do not end the input; records without a partner wait for the next run.",
        };
        var closeAnyway = new Option<bool>("--close-anyway")
        {
            Description =
                "With --bounded: end the input though an open transaction hides records, which will be late. "
                + "Without it the input is not ended and the exit code is 4.",
        };
        var profile = new Option<bool>("--profile")
        {
            Description = "Tell every ten seconds and at the end where the CPU time goes, by stage (Linux).",
        };
        var join = new Option<string?>("--join") { Description = "Run this join alone.", HelpName = "NAME" };
        var verb = new Verb(
            "run",
            "Runs the joins of a configuration until stopped (Ctrl-C or SIGTERM drains; another one, more than 1 s later, "
            + "ends it at once).",
            ["akkajoin run -c akkajoin.conf", "akkajoin run --bounded -c backfill.conf"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.Downed,
            ExitCodes.OpenTransaction,
            ExitCodes.Config) { bounded, keepOpen, closeAnyway, join, profile, json };
        foreach (var option in config.All)
            verb.Add(option);
        verb.SetAction(async (result, output, error, _) =>
        {
            var options = new EngineOptions(result.GetValue(bounded), result.GetValue(keepOpen), result.GetValue(closeAnyway));
            if (options.KeepOpen && !options.Bounded)
                throw new UserException("--keep-open needs --bounded: without it nothing ends the input", ExitCodes.Usage);
            if (options.CloseAnyway && (!options.Bounded || options.KeepOpen))
                throw new UserException("--close-anyway needs --bounded without --keep-open: nothing else ends the input", ExitCodes.Usage);
            if (result.GetValue(profile))
                Profile.Start();
            return await RunAsync(config.Read(result), options, result.GetValue(join), result.GetValue(json), output, error);
        });
        return verb;
    }

    static async Task<int> RunAsync(
        ConfigChoice choice, EngineOptions options, string? only, bool json, TextWriter output, TextWriter error)
    {
        var config = choice.Load();
        if (only is not null && config.Settings.Joins.All(j => j.Name != only))
            throw new UserException($"there is no join '{only}' in {choice.File}", ExitCodes.Usage);
        using var signals = StopSignals.Listen();
        var stop = signals.Asked;
        using var waiting = new CancellationTokenSource();
        var starting = Node.StartAsync(config, options, only, waiting.Token);
        if (await Task.WhenAny(starting, stop) != starting)
        {
            // Nothing has been read yet. What is being opened closes with the process; what waits for the cluster gives
            // up.
            await waiting.CancelAsync();
            await error.WriteLineAsync("akkajoin: stopped before the joins ran");
            return ExitCodes.Good;
        }

        await using var node = await starting;
        var report = new RunReport(json, output, error);
        report.Started(config.Settings, node);
        using var progress = json ? null : new RunProgress(node, error);
        var ended = Task.WhenAll(node.Joins.Select(j => j.Completion));
        var failed = await FirstFailureAsync(node, stop, ended);
        if (NodeEnd.IsUnasked(node.System))
            throw NodeEnd.Of(node.System);
        if (failed is not null)
            throw new UserException(failed.Message, ExitCodes.Failed, failed);
        await Task.WhenAll(node.Joins.Select(j => j.DrainAsync()));

        // The others may give a node up while it drains.
        if (NodeEnd.IsUnasked(node.System))
            throw NodeEnd.Of(node.System);
        var consumed = 0L;
        var code = ExitCodes.Good;
        foreach (var engine in node.Joins)
        {
            var joined = await engine.Completion;
            if (joined.Open.Count > 0 && !options.CloseAnyway)
                code = ExitCodes.OpenTransaction;
            consumed += joined.Status?.Consumed ?? 0;
            report.Ended(engine.Name, joined);
        }

        if (Profile.IsOn)
            report.Profiled(consumed);
        return code;
    }

    static async Task<Exception?> FirstFailureAsync(Node node, Task stop, Task ended)
    {
        var running = node.Joins.Select(j => (Task)j.Completion).ToList();
        while (running.Count > 0 && !stop.IsCompleted)
        {
            var done = await Task.WhenAny([.. running, stop, node.Ended]);
            if (done == stop || done == node.Ended || NodeEnd.IsUnasked(node.System))
                return null;
            if (done.IsFaulted)
                return done.Exception!.GetBaseException();
            running.Remove(done);
        }

        return ended.IsFaulted ? ended.Exception!.GetBaseException() : null;
    }
}
