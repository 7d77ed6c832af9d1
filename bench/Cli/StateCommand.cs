using System.CommandLine;
using AkkaJoin.Bench.State;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>state</c>: what a record costs as the state grows, in CPU and in memory.</summary>
static class StateCommand
{
    internal static Command Create()
    {
        var sizes = new Option<int[]>("--records")
        {
            Description = "How many records rest, one run after the other.",
            DefaultValueFactory = _ => [100_000, 1_000_000, 10_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var directory = new Option<string?>("--state-directory") { Description = "Hold the records in files mapped from here, as state.directory does.", HelpName = "DIR" };
        var applyOnly = new Option<bool>("--apply-only") { Description = "Neither snapshots nor the hot key nor the silent side." };
        var (report, json) = (BenchOptions.Report(), BenchOptions.Json());
        var command = new Command("state", "Key groups with large state, without broker and journal: CPU and memory per record, pauses of the GC.")
        {
            sizes, directory, applyOnly, report, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using SlabPool pool = parsed.GetValue(directory) is { } path ? new MappedSlabPool(path) : new HeapSlabPool();
            var snapshots = !parsed.GetValue(applyOnly);

            // Compiles what is measured: the first run's figures are not for the table.
            new StateBenchmark(200_000, pool, snapshots).Run();
            var results = parsed.GetValue(sizes)!.Select(size => new StateBenchmark(size, pool, snapshots).Run()).ToList();
            var figures = new StateFigures(results, snapshots ? HotKeyBenchmark.Run() : null, snapshots ? SilentSideBenchmark.Run() : null);
            var markdown = StateReport.Markdown(figures);
            await Console.Out.WriteAsync(markdown);
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, markdown, cancellation);
            if (parsed.GetValue(json) is { } jsonFile)
                await File.WriteAllTextAsync(jsonFile, StateReport.Json(figures), cancellation);
        });
        return command;
    }
}
