using System.CommandLine;
using AkkaJoin.Bench.Scaling;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>cluster</c>: what several nodes cost against one.</summary>
static class ClusterCommand
{
    internal static Command Create()
    {
        var events = BenchOptions.Events();
        var nodes = BenchOptions.Number("--nodes", "How many nodes stand beside the one.", 3, 2, 8);
        var runs = BenchOptions.Number("--runs", "How often each of the two runs.", 3, 1, 100);
        var seed = BenchOptions.Seed();
        var (kafka, postgresql) = (BenchOptions.Kafka(), BenchOptions.Postgresql());
        return MeasuringCommand.Create(
            "cluster",
            "CPU per input record of one node and of several, both on PostgreSQL.",
            [events, nodes, runs, seed, kafka, postgresql],
            async parsed => ScalingReport.Of(await new ScalingBenchmark(
                new ScalingOptions(
                    parsed.GetValue(events),
                    parsed.GetValue(nodes),
                    parsed.GetValue(runs),
                    parsed.GetValue(seed),
                    parsed.GetValue(kafka),
                    parsed.GetValue(postgresql)),
                Console.Error).RunAsync()));
    }
}
