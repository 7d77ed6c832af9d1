using System.Diagnostics;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Host.Chaos;
using Npgsql;

namespace AkkaJoin.Bench.Scaling;

/// <summary>
/// The same load on one node and on several, in turns, each with topics and tables of its own. The nodes run before the load comes, and it comes
/// all at once: it is one transaction, of which they see nothing until its end.
/// </summary>
sealed class ScalingBenchmark(ScalingOptions options, TextWriter progress)
{
    static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    internal async Task<ScalingResult> RunAsync()
    {
        using var bench = BenchRun.Open(options.Kafka, progress);
        await using var database = await Database.StartAsync(options.Postgresql, bench.Directory);
        var runs = new List<ScalingFigures>();
        for (var i = 1; i <= options.Runs; i++)
        {
            foreach (var nodes in (int[])[1, options.Nodes])
            {
                var run = await MeasureAsync(
                    nodes, bench, database, FormattableString.Invariant($"{bench.Name}-{nodes}-{i}"), FormattableString.Invariant($"nodes{nodes}_{i}"));
                runs.Add(run);
                bench.Say($"run {i}, {nodes} nodes: {run.CpuPerRecord:F2} us of CPU per record, {run.RecordsPerSecond:N0} records a second, {run.Rows:N0} rows");
            }
        }

        return new ScalingResult { Machine = Machine.This, Broker = bench.Broker.Description, Options = options, Runs = runs };
    }

    async Task<ScalingFigures> MeasureAsync(int nodes, BenchRun bench, Database database, string name, string schema)
    {
        await using var topics = await LoadTopics.CreateAsync(bench.Broker.Servers, name);
        await topics.EnsureAsync(name, name + ".late", name + ".dead");
        var config = Path.Combine(bench.Directory.Root, name + ".conf");
        await File.WriteAllTextAsync(config, JoinText.Of(topics, "inner", "10m", name, $"journal = postgresql, postgresql.schema = {schema}"));
        await using var cluster = new NodeCluster(nodes, config, bench.Directory, name);
        await cluster.StartAsync();
        using var rows = await RowWatch.StartAsync(cluster.Kafka, name);
        using var load = new LoadProducer(topics, inOne: true);
        foreach (var record in new LoadGenerator(options.Events, options.Seed, EndToEndBenchmark.StartMs(options.Events)).Records())
            load.Produce(record);
        load.Flush();
        var samples = await SampleAsync(cluster, bench.Broker, database, rows);
        await cluster.StopAsync();
        return ScalingFigures.Of(nodes, options.Events, samples, await EventsAsync(database, schema));
    }

    static async Task<IReadOnlyList<CpuSample>> SampleAsync(NodeCluster cluster, Broker broker, Database database, RowWatch rows)
    {
        var began = Stopwatch.GetTimestamp();
        var samples = new List<CpuSample>();
        var done = DoneAsync(cluster, rows);
        while (!done.IsCompleted)
        {
            samples.Add(new CpuSample(
                Stopwatch.GetElapsedTime(began).TotalSeconds, rows.Rows, cluster.CpuSeconds ?? 0, database.CpuSeconds ?? 0, broker.CpuSeconds ?? double.NaN));
            await Task.WhenAny(done, Task.Delay(SampleInterval));
        }

        await done;
        return samples;
    }

    // The newest event of a key group is never deleted, and their numbers have no hole.
    static async Task<long> EventsAsync(Database database, string schema)
    {
        await using var connection = await database.OpenAsync(schema);
        await using var command = new NpgsqlCommand("SELECT SUM(last)::BIGINT FROM (SELECT MAX(sequence_number) AS last FROM journal GROUP BY persistence_id) AS groups", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static Task DoneAsync(NodeCluster cluster, RowWatch rows) => Waiting.UntilAsync(Limit, "the load to be joined", async () =>
    {
        var before = rows.Rows;
        await Task.Delay(AskInterval);
        return rows.Rows == before && before > 0 && await cluster.IsSettledAsync();
    });
}
