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
        var runs = BenchOptions.Number("--runs", "How often the join runs over the same topics.", 3, 1, 100);
        var seed = BenchOptions.Seed();
        var (kafka, postgresql) = (BenchOptions.Kafka(), BenchOptions.Postgresql());
        return MeasuringCommand.Create(
            "e2e",
            "CPU per input record of `akkajoin run --bounded`, start-up included. Exit code 2 where the rows are not exact.",
            [events, join, journal, runs, seed, kafka, postgresql],
            async parsed => EndToEndReport.Of(await new EndToEndBenchmark(
                new EndToEndOptions(
                    parsed.GetValue(events),
                    parsed.GetValue(join)!,
                    parsed.GetValue(journal) == "postgresql",
                    parsed.GetValue(postgresql),
                    parsed.GetValue(runs),
                    parsed.GetValue(seed),
                    parsed.GetValue(kafka)),
                Console.Error).RunAsync()));
    }
}
