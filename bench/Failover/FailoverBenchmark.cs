using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host.Chaos;

namespace AkkaJoin.Bench.Failover;

/// <summary>
/// Three nodes with their journal in PostgreSQL, a live state and a steady load; then nodes die by SIGKILL, one after the other, and are
/// started again only once their death was measured.
/// </summary>
sealed class FailoverBenchmark(FailoverOptions options, TextWriter progress)
{
    const int Nodes = 3;
    const string Schema = "failover";
    static readonly TimeSpan FillLimit = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Steady = TimeSpan.FromSeconds(15);

    internal async Task<FailoverResult> RunAsync()
    {
        using var bench = BenchRun.Open(options.Kafka, progress);
        bench.Say($"starting: a PostgreSQL, {Nodes} nodes; window {options.WindowSeconds} s");
        var directory = bench.Directory;
        await using var database = await Database.StartAsync(options.Postgresql, directory);
        await using var topics = await LoadTopics.CreateAsync(bench.Broker.Servers, bench.Name);
        await topics.EnsureStampedAsync(bench.Name);
        await topics.EnsureAsync(bench.Name + ".late", bench.Name + ".dead");
        await File.WriteAllTextAsync(directory.Config, JoinText.Of(
            topics, "inner", FormattableString.Invariant($"{options.WindowSeconds}s"), bench.Name, $"journal = postgresql, postgresql.schema = {Schema}"));
        await using var cluster = new NodeCluster(Nodes, directory.Config, directory, "failover");
        await cluster.StartAsync();
        var kills = await MeasureAsync(bench, cluster, topics, database);
        await cluster.StopAsync();
        return new FailoverResult { Machine = Machine.This, Broker = bench.Broker.Description, Options = options, Kills = kills };
    }

    async Task<IReadOnlyList<KillFigures>> MeasureAsync(BenchRun bench, NodeCluster cluster, LoadTopics topics, Database database)
    {
        // What is older than the window and the disorder is expired already: the state no longer grows.
        var fill = (options.WindowSeconds + 60) * LoadGenerator.EventsPerSecond;
        bench.Say($"filling: {fill:N0} records, seed {options.Seed}; then {LoadGenerator.EventsPerSecond:N0} a second");
        await using var load = SteadyLoad.TakeRate(topics, options.Seed, fill);
        load.Start();
        using var rows = await RowWatch.StartAsync(cluster.Kafka, bench.Name);
        using var readers = new Readers(cluster.Kafka, bench.Name);
        await using var journal = await database.OpenAsync(Schema);
        var measurement = new KillMeasurement(cluster, rows, readers, journal, Nodes);
        var kills = new List<KillFigures>();
        for (var i = 0; i < 2 * options.Kills; i++)
        {
            await Waiting.UntilAsync(FillLimit, "the nodes to be up to date", async () => IsUpToDate(await cluster.ReportAsync()));
            await Task.Delay(Steady);
            if (load.Completion.IsFaulted)
                await load.Completion;
            var (figures, victim) = await measurement.RunAsync(oldest: i % 2 == 0);
            kills.Add(figures);
            bench.Say($"{(figures.WasOldest ? "the oldest" : "another")} killed: removed {figures.Removed:F1} s, first row {figures.FirstRow:F1} s, full rate {figures.FullRate:F1} s, {figures.StateBytes / 1048576.0:F0} MiB, read {figures.Recovery.Ratio:F2} x");
            if (i + 1 < 2 * options.Kills)
                await cluster.StartAgainAsync(victim);
        }

        return kills;
    }

    // A second's worth of records is on its way at any moment.
    static bool IsUpToDate(ClusterReport report) =>
        report.Joins[0].Groups.All(g => g.State == KeyGroupState.Running && g.Lag < 2 * LoadGenerator.EventsPerSecond);
}
