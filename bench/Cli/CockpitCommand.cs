using System.CommandLine;
using AkkaJoin.Bench.Visits;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>cockpit</c>: what an open page and /metrics cost a live run.</summary>
static class CockpitCommand
{
    internal static Command Create()
    {
        var turns = BenchOptions.Number("--turns", "How often the node runs without and with them.", 3, 1, 100);
        var seconds = BenchOptions.Number("--seconds", "How long each time, s.", 25, 1, 3_600);
        var (seed, kafka) = (BenchOptions.Seed(), BenchOptions.Kafka());
        return MeasuringCommand.Create(
            "cockpit",
            "CPU per input record of a live run, without and with an open page and /metrics. Exit code 2 where they cost more than 3 %.",
            [turns, seconds, seed, kafka],
            async parsed => VisitReport.Of(await new VisitBenchmark(
                new VisitOptions(parsed.GetValue(turns), parsed.GetValue(seconds), parsed.GetValue(seed), parsed.GetValue(kafka)),
                Console.Error).RunAsync()));
    }
}
