using System.CommandLine;
using AkkaJoin.Bench.Failover;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>failover</c>: what the death of a node costs.</summary>
static class FailoverCommand
{
    internal static Command Create()
    {
        var state = BenchOptions.Number("--state-mib", "About how much live state the nodes have together, MiB.", 200, 1, 4_000);
        var kills = BenchOptions.Number("--kills", "How often the oldest node is killed, and how often another.", 3, 1, 20);
        var seed = BenchOptions.Seed();
        var (kafka, postgresql) = (BenchOptions.Kafka(), BenchOptions.Postgresql());
        var (report, json) = (BenchOptions.Report(), BenchOptions.Json());
        var command = new Command("failover", "Three nodes and a PostgreSQL, of which nodes are killed: the time until rows come again, and what a recovery reads.")
        {
            state, kills, seed, kafka, postgresql, report, json,
        };
        command.SetAction((parsed, _) => RunAsync(new FailoverOptions(
            parsed.GetValue(state),
            parsed.GetValue(kills),
            parsed.GetValue(seed),
            parsed.GetValue(kafka),
            parsed.GetValue(postgresql),
            parsed.GetValue(report),
            parsed.GetValue(json))));
        return command;
    }

    static async Task RunAsync(FailoverOptions options)
    {
        var result = await new FailoverBenchmark(options, Console.Error).RunAsync();
        var markdown = FailoverReport.Markdown(result);
        await Console.Out.WriteAsync(markdown);
        if (options.Report is not null)
            await File.WriteAllTextAsync(options.Report, markdown);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, FailoverReport.Json(result));
    }
}
