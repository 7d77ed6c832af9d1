using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>Fills two topics, joins them some times by a process of its own, and validates the last run.</summary>
sealed class EndToEndBenchmark(EndToEndOptions options, TextWriter progress)
{
    internal async Task<EndToEndResult> RunAsync()
    {
        using var bench = BenchRun.Open(options.Kafka, progress);
        await using var database = options.Postgresql ? await Database.StartAsync(options.PostgresqlPrograms, bench.Directory) : null;
        await using var topics = await LoadTopics.CreateAsync(bench.Broker.Servers, bench.Name);
        bench.Say($"filling: {options.Events:N0} records, seed {options.Seed}");
        topics.Fill(new LoadGenerator(options.Events, options.Seed, StartMs(options.Events)));
        return await MeasureAsync(bench, database, topics);
    }

    /// <summary>The beginning of a load that ends by now: brokers refuse event times ahead of their clock.</summary>
    internal static long StartMs(int events) =>
        (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - LoadGenerator.SpanMs(events)) / 60_000 * 60_000;

    async Task<EndToEndResult> MeasureAsync(BenchRun bench, Database? database, LoadTopics topics)
    {
        var runs = new List<RunFigures>();
        JoinProcess? last = null;
        for (var i = 1; i <= options.Runs; i++)
        {
            last = new JoinProcess(bench.Broker, topics, options.Join, $"{bench.Name}-{i}", bench.Directory.Root, database);
            await topics.EnsureAsync(last.Outputs);
            var run = await last.RunAsync();
            runs.Add(run);
            bench.Say($"run {i}: {run.CpuPerRecord:F2} us of CPU per record, {run.WallSeconds:F1} s, {run.Rows:N0} rows");
        }

        bench.Say($"validating the last run");
        var validation = await last!.ValidateAsync();
        if (validation is null)
            bench.Say($"not validated: this akkajoin has no verb validate");
        return new EndToEndResult { Machine = Machine.This, Broker = bench.Broker.Description, Options = options, Runs = runs, Validation = validation };
    }
}
