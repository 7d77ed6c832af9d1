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
        using var bench = BenchRun.Open(options.Kafka, progress);
        await using var topics = await LoadTopics.CreateAsync(bench.Broker.Servers, bench.Name);
        topics.Fill(new LoadGenerator(options.Events, options.Seed, EndToEndBenchmark.StartMs(options.Events)));
        var (joins, floors) = (new List<RunFigures>(), new List<FloorFigures>());
        for (var i = 1; i <= Turns; i++)
        {
            var process = new JoinProcess(bench.Broker, topics, "inner", $"{bench.Name}-{i}", bench.Directory.Root);
            await topics.EnsureAsync(process.Outputs);
            joins.Add(await process.RunAsync());
            floors.Add(await FloorProcess.RunAsync(bench.Broker, topics, process, joins[^1], $"{bench.Name}-{i}-floor"));
            bench.Say($"turn {i}: {joins[^1].CpuPerRecord:F2} us of CPU per record, the loop {floors[^1].CpuPerRecord:F2} us");
        }

        return new RatioResult { Machine = Machine.This, Broker = bench.Broker.Description, Options = options, Joins = joins, Floors = floors };
    }
}
