using System.CommandLine;
using AkkaJoin.Bench.Measuring;
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
            Description = "How many records are buffered, one run after the other.",
            DefaultValueFactory = _ => [100_000, 1_000_000, 10_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var directory = new Option<string?>("--state-directory") { Description = "Hold the records in files mapped from here, as state.directory does.", HelpName = "DIR" };
        var applyOnly = new Option<bool>("--apply-only") { Description = "Neither snapshots nor the hot key nor the silent side." };
        return MeasuringCommand.Create(
            "state",
            "Key groups with large state, without broker and journal: CPU and memory per record, pauses of the GC.",
            [sizes, directory, applyOnly],
            parsed => Task.FromResult(Measure(parsed.GetValue(sizes)!, parsed.GetValue(directory), snapshots: !parsed.GetValue(applyOnly))));
    }

    static BenchReport Measure(int[] sizes, string? directory, bool snapshots)
    {
        using SlabPool pool = directory is null ? new HeapSlabPool() : new MappedSlabPool(directory);

        // Compiles what is measured: the first run's figures are not for the table.
        new StateBenchmark(200_000, pool, snapshots).Run();
        var results = sizes.Select(size => new StateBenchmark(size, pool, snapshots).Run()).ToList();
        return StateReport.Of(new StateFigures(results, snapshots ? HotKeyBenchmark.Run() : null, snapshots ? SilentSideBenchmark.Run() : null));
    }
}
