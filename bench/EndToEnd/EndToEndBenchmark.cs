using System.Globalization;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Host.Chaos;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>Fills two topics, joins them some times by a process of its own, and judges the last run.</summary>
sealed class EndToEndBenchmark(EndToEndOptions options, TextWriter progress)
{
    internal async Task<EndToEndResult> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("akkajoin-bench-").FullName;
        var name = "bench-" + Path.GetFileName(directory)["akkajoin-bench-".Length..];
        try
        {
            Say($"starting: {(options.Kafka is null ? "a broker" : options.Kafka)}");
            using var broker = Broker.Open(options.Kafka);
            await using var database = options.Postgresql ? await Database.StartAsync(options.PostgresqlPrograms, ChaosDirectory.In(directory)) : null;
            await using var topics = await LoadTopics.CreateAsync(broker.Servers, name);
            Say($"filling: {options.Events:N0} records, seed {options.Seed}");
            topics.Fill(new LoadGenerator(options.Events, options.Seed, StartMs(options.Events)));
            return await MeasureAsync(broker, database, topics, name, directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The beginning of a load that ends by now: brokers refuse event times ahead of their clock.</summary>
    internal static long StartMs(int events) =>
        (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - LoadGenerator.SpanMs(events)) / 60_000 * 60_000;

    async Task<EndToEndResult> MeasureAsync(Broker broker, Database? database, LoadTopics topics, string name, string directory)
    {
        var runs = new List<RunFigures>();
        JoinProcess? last = null;
        for (var i = 1; i <= options.Runs; i++)
        {
            last = new JoinProcess(broker, topics, options.Join, $"{name}-{i}", directory, database);
            await topics.EnsureAsync(last.Outputs);
            var run = await last.RunAsync();
            runs.Add(run);
            Say($"run {i}: {run.CpuPerRecord:F2} us of CPU per record, {run.WallSeconds:F1} s, {run.Rows:N0} rows");
        }

        Say($"judging the last run");
        var judge = await last!.JudgeAsync();
        if (judge is null)
            Say($"not judged: this akkajoin has no verb validate");
        return new EndToEndResult { Machine = Machine.This, Broker = broker.Description, Options = options, Runs = runs, Judge = judge };
    }

    void Say(FormattableString line) => progress.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
