using System.CommandLine;
using AkkaJoin.Bench.Parts;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>parts</c>: where the CPU of a record goes.</summary>
static class PartsCommand
{
    internal static Command Create()
    {
        var events = BenchOptions.Events();
        var seed = BenchOptions.Seed();
        var kafka = BenchOptions.Kafka();
        var report = BenchOptions.Report();
        var command = new Command("parts", "CPU per record of each part alone, beside one run end to end over the same records.") { events, seed, kafka, report };
        command.SetAction(async (parsed, cancellation) =>
        {
            var result = await new PartsBenchmark(parsed.GetValue(events), parsed.GetValue(seed), parsed.GetValue(kafka), Console.Error).RunAsync();
            var markdown = PartsReport.Markdown(result);
            await Console.Out.WriteAsync(markdown);
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, markdown, cancellation);
        });
        return command;
    }
}
