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
        return MeasuringCommand.Create(
            "failover",
            "Three nodes and a PostgreSQL, of which nodes are killed: the time until rows come again, and what a recovery reads.",
            [state, kills, seed, kafka, postgresql],
            async parsed => FailoverReport.Of(await new FailoverBenchmark(
                new FailoverOptions(
                    parsed.GetValue(state), parsed.GetValue(kills), parsed.GetValue(seed), parsed.GetValue(kafka), parsed.GetValue(postgresql)),
                Console.Error).RunAsync()));
    }
}
