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
        var report = BenchOptions.Report();
        var command = new Command("state", "Key groups with large state, without broker and journal: CPU and memory per record, pauses of the GC.") { sizes, directory, report };
        command.SetAction(async (parsed, cancellation) =>
        {
            using SlabPool pool = parsed.GetValue(directory) is { } path ? new MappedSlabPool(path) : new HeapSlabPool();

            // Compiles what is measured: the first run's figures are not for the table.
            new StateBenchmark(200_000, pool).Run();
            var results = parsed.GetValue(sizes)!.Select(size => new StateBenchmark(size, pool).Run()).ToList();
            var markdown = StateReport.Markdown(results) + HotKeyBenchmark.Markdown();
            await Console.Out.WriteAsync(markdown);
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, markdown, cancellation);
        });
        return command;
    }
}
