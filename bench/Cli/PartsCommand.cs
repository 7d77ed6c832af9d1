using System.CommandLine;
using AkkaJoin.Bench.Parts;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>parts</c>: where the CPU of a record goes.</summary>
static class PartsCommand
{
    internal static Command Create()
    {
        var (events, seed, kafka) = (BenchOptions.Events(), BenchOptions.Seed(), BenchOptions.Kafka());
        return MeasuringCommand.Create(
            "parts",
            "CPU per record of each part alone, beside one run end to end over the same records.",
            [events, seed, kafka],
            async parsed => PartsReport.Of(
                await new PartsBenchmark(parsed.GetValue(events), parsed.GetValue(seed), parsed.GetValue(kafka), Console.Error).RunAsync()));
    }
}
