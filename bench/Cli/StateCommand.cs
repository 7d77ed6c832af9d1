using System.CommandLine;
using AkkaJoin.Bench.State;

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
        var report = BenchOptions.Report();
        var command = new Command("state", "Key groups with large state, without broker and journal: CPU and memory per record, pauses of the GC.") { sizes, report };
        command.SetAction(async (parsed, cancellation) =>
        {
            // Compiles what is measured: the first run's figures are not for the table.
            new StateBenchmark(200_000).Run();
            var results = parsed.GetValue(sizes)!.Select(size => new StateBenchmark(size).Run()).ToList();
            var markdown = StateReport.Markdown(results);
            await Console.Out.WriteAsync(markdown);
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, markdown, cancellation);
        });
        return command;
    }
}
