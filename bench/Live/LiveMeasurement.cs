using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Bench.Table;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Live;

/// <summary>
/// Records that come as they happen: made in this process, joined by one node of <c>akkajoin run</c> with its journal in SQLite, which runs before they
/// come. The rows are read when all is over; the broker has stamped them.
/// </summary>
sealed class LiveMeasurement(TableContext context)
{
    internal const int EventsPerSecond = 15_000, DisorderMs = 100;

    // librdkafka's own default: whoever wants rows soon does not let records wait longer.
    internal const int LingerMs = 5;
    static readonly TimeSpan Warm = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    internal async Task<LiveFigures> RunAsync(string name)
    {
        await using var topics = await LoadTopics.CreateAsync(context.Broker.Servers, name);
        await topics.EnsureStampedAsync(name);
        await topics.EnsureAsync(name + ".late", name + ".dead");
        var config = Path.Combine(context.Directory.Root, name + ".conf");
        var journal = Path.Combine(context.Directory.Root, name + "-journal");
        await File.WriteAllTextAsync(config, JoinText.Of(topics, "inner", "10m", name, $"journal = sqlite, sqlite.directory = \"{journal}\""));
        await using var node = new NodeCluster(1, config, context.Directory, name);
        await node.StartAsync();
        var (before, after) = await DriveAsync(node, topics);
        await node.SettledAsync(Limit);
        await node.StopAsync();
        Directory.Delete(journal, recursive: true);
        var times = LiveRows.Read(node.Kafka, name, before.AtMs, after.AtMs);
        if (times.Count == 0)
            throw new UserException("the live join put no rows out in the time that was measured", 1);
        return new LiveFigures
        {
            Records = after.Sent - before.Sent,
            Seconds = (after.AtMs - before.AtMs) / 1_000.0,
            Rows = times.Count,
            P50Ms = Percentile.Of(times, 0.50),
            P99Ms = Percentile.Of(times, 0.99),
            MaxMs = times[^1],
            CpuSeconds = after.Join - before.Join,
            BrokerCpuSeconds = after.Broker - before.Broker,
            GeneratorCpuSeconds = after.Generator - before.Generator,
        };
    }

    async Task<(LiveSample Before, LiveSample After)> DriveAsync(NodeCluster node, LoadTopics topics)
    {
        var shape = new LoadShape(EventsPerSecond, DisorderMs, IsNow: true);
        var records = new LoadGenerator(int.MaxValue, context.Options.Seed, 0, shape).Records();
        await using var load = new SteadyLoad(new LoadProducer(topics, lingerMs: LingerMs), records, EventsPerSecond);
        load.Start();
        await Task.WhenAny(load.Completion, Task.Delay(Warm));
        var before = Sample(node, load);
        await Task.WhenAny(load.Completion, Task.Delay(TimeSpan.FromSeconds(context.Options.Seconds)));
        return (before, Sample(node, load));
    }

    LiveSample Sample(NodeCluster node, SteadyLoad load) => new(
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        load.Sent,
        node.CpuSeconds ?? throw new UserException("the system does not tell the CPU time of the join's process", 1),
        context.Broker.CpuSeconds,
        Environment.CpuUsage.TotalTime.TotalSeconds);
}
