using System.Globalization;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Floor;

/// <summary>The short form of the table: the inner join against the raw loop over the same topics, in turns. No wall clock decides.</summary>
sealed class RatioBenchmark(RatioOptions options, TextWriter progress)
{
    const int Turns = 2;

    internal async Task<RatioResult> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("akkajoin-bench-").FullName;
        var name = "bench-" + Path.GetFileName(directory)["akkajoin-bench-".Length..];
        try
        {
            using var broker = Broker.Open(options.Kafka);
            await using var topics = await LoadTopics.CreateAsync(broker.Servers, name);
            topics.Fill(new LoadGenerator(options.Events, options.Seed, EndToEndBenchmark.StartMs(options.Events)));
            var (joins, floors) = (new List<RunFigures>(), new List<FloorFigures>());
            for (var i = 1; i <= Turns; i++)
            {
                var process = new JoinProcess(broker, topics, "inner", $"{name}-{i}", directory);
                await topics.EnsureAsync(process.Outputs);
                joins.Add(await process.RunAsync());
                floors.Add(await FloorProcess.RunAsync(broker, topics, process, joins[^1], $"{name}-{i}-floor"));
                await progress.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"turn {i}: {joins[^1].CpuPerRecord:F2} us of CPU per record, the loop {floors[^1].CpuPerRecord:F2} us"));
            }

            return new RatioResult { Machine = Machine.This, Broker = broker.Description, Options = options, Joins = joins, Floors = floors };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
