using System.CommandLine;
using AkkaJoin.Bench.EndToEnd;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>e2e</c>: the whole join as a process of its own over a real Kafka.</summary>
static class EndToEndCommand
{
    internal static Command Create()
    {
        var events = BenchOptions.Events();
        var join = new Option<string>("--join") { Description = "The type of the join.", DefaultValueFactory = _ => "inner" };
        join.AcceptOnlyFromAmong("inner", "left", "right", "full", "attribution");
        var journal = new Option<string>("--journal") { Description = "Where the journal is kept.", DefaultValueFactory = _ => "sqlite" };
        journal.AcceptOnlyFromAmong("sqlite", "postgresql");
        var postgresql = BenchOptions.Postgresql();
        var runs = BenchOptions.Number("--runs", "How often the join runs over the same topics.", 3, 1, 100);
        var seed = BenchOptions.Seed();
        var kafka = BenchOptions.Kafka();
        var report = BenchOptions.Report();
        var json = BenchOptions.Json();
        var command = new Command("e2e", "CPU per input record of `akkajoin run --bounded`, start-up included.")
        {
            events, join, journal, runs, seed, kafka, postgresql, report, json,
        };
        command.SetAction((parsed, _) => RunAsync(new EndToEndOptions(
            parsed.GetValue(events),
            parsed.GetValue(join)!,
            parsed.GetValue(journal) == "postgresql",
            parsed.GetValue(postgresql),
            parsed.GetValue(runs),
            parsed.GetValue(seed),
            parsed.GetValue(kafka),
            parsed.GetValue(report),
            parsed.GetValue(json))));
        return command;
    }

    static async Task<int> RunAsync(EndToEndOptions options)
    {
        var result = await new EndToEndBenchmark(options, Console.Error).RunAsync();
        var markdown = EndToEndReport.Markdown(result);
        await Console.Out.WriteAsync(markdown);
        if (options.Report is not null)
            await File.WriteAllTextAsync(options.Report, markdown);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, EndToEndReport.Json(result));
        return result.Judge is { Exact: false } ? 2 : 0;
    }
}
