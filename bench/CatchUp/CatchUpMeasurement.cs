using System.Diagnostics;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Bench.Table;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Bench.CatchUp;

/// <summary>
/// One node of <c>akkajoin run</c> twice: over a load that comes in the order of event time, somewhat faster than it would in life, so that the join is always at its
/// end; and over an hour of it that is there all at once, being one transaction.
/// </summary>
sealed class CatchUpMeasurement(TableContext context, int perSecond)
{
    internal const int BacklogSeconds = 3_600, WindowSeconds = 600, ToleranceSeconds = 30;

    // Long enough for the state to have its size for a while; and how many times faster than in life: what the node is behind counts as so much more time.
    internal const int SteadySeconds = 2 * WindowSeconds, Speed = 30;
    const int SilenceMaxMs = 30_000;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    internal async Task<CatchUpFigures> RunAsync(string name)
    {
        var startMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (BacklogSeconds * 1_000L);
        var load = new SkewedLoad(perSecond, context.Options.Seed, startMs);
        var (steady, lateLive, _) = await OnNodeAsync(name + "-steady", (node, topics) => SteadyAsync(node, topics, load));
        var (peak, late, seconds) = await OnNodeAsync(name + "-backlog", (node, topics) => CatchUpAsync(node, topics, load));
        return new CatchUpFigures(steady, peak, lateLive, late, seconds);
    }

    async Task<StatePeak> SteadyAsync(NodeCluster node, LoadTopics topics, SkewedLoad skewed)
    {
        await using var load = new SteadyLoad(new LoadProducer(topics, lingerMs: 5), skewed.Records(SteadySeconds), Speed * perSecond);
        load.Start();
        return await StatePeak.WatchAsync(node, load.Completion);
    }

    static async Task<StatePeak> CatchUpAsync(NodeCluster node, LoadTopics topics, SkewedLoad skewed)
    {
        using var load = new LoadProducer(topics, inOne: true);
        foreach (var record in skewed.Records(BacklogSeconds))
            load.Produce(record);
        load.Flush();

        // The commit is answered a moment before it can be read.
        await Waiting.UntilAsync(Limit, "the backlog to be read", async () => (await node.ReportAsync()).Joins[0].Groups.Any(g => g.Buffered > 0));
        return await StatePeak.WatchAsync(node, node.SettledAsync(Limit));
    }

    async Task<(StatePeak Peak, long Late, double Seconds)> OnNodeAsync(string name, Func<NodeCluster, LoadTopics, Task<StatePeak>> drive)
    {
        await using var topics = await LoadTopics.CreateAsync(context.Broker.Servers, name);
        await topics.EnsureAsync(name, name + ".late", name + ".dead");
        var config = Path.Combine(context.Directory.Root, name + ".conf");
        var journal = Path.Combine(context.Directory.Root, name + "-journal");
        await File.WriteAllTextAsync(config, JoinText.Of(
            topics, "inner", FormattableString.Invariant($"{WindowSeconds}s"), name, $"journal = sqlite, sqlite.directory = \"{journal}\""));
        await using var node = new NodeCluster(1, config, context.Directory, name);
        await node.StartAsync();
        var began = Stopwatch.GetTimestamp();
        var peak = await drive(node, topics);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await node.SettledAsync(Limit);
        await node.StopAsync();
        Directory.Delete(journal, recursive: true);
        return (peak, Count(node.Kafka, name + ".late"), seconds);
    }

    static long Count(KafkaSettings kafka, string topic)
    {
        using var reader = new TopicReader(kafka, SilenceMaxMs);
        return reader.Ends(topic).Values.Sum(ends => ends.High - ends.Low);
    }
}
