using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Live;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Visits;

/// <summary>
/// What an open page and /metrics cost a live run: one node and one load, without and with a visitor in turns. What
/// comes first changes from turn to turn: the state grows meanwhile.
/// </summary>
sealed class VisitBenchmark(VisitOptions options, TextWriter progress)
{
    static readonly TimeSpan Warm = TimeSpan.FromSeconds(15);

    internal async Task<VisitResult> RunAsync()
    {
        using var run = BenchRun.Open(options.Kafka, progress);
        var name = run.Name + "-visits";
        await using var topics = await LoadTopics.CreateAsync(run.Broker.Servers, name);
        await topics.EnsureAsync(name, name + ".late", name + ".dead");
        var config = Path.Combine(run.Directory.Root, name + ".conf");
        var journal = $"journal = sqlite, sqlite.directory = \"{Path.Combine(run.Directory.Root, name + "-journal")}\"";
        await File.WriteAllTextAsync(config, JoinText.Of(topics, "inner", "10m", name, journal));
        await using var node = new NodeCluster(1, config, run.Directory, name);
        await node.StartAsync();
        var shape = new LoadShape(LiveMeasurement.EventsPerSecond, LiveMeasurement.DisorderMs, IsNow: true);
        var records = new LoadGenerator(int.MaxValue, options.Seed, 0, shape).Records();
        var turns = new List<VisitTurn>();
        await using (var load = new SteadyLoad(
            new LoadProducer(topics, lingerMs: LiveMeasurement.LingerMs), records, LiveMeasurement.EventsPerSecond))
        {
            load.Start();
            await using (new Visitor(node.AddressOf(0)))
                await Task.Delay(Warm); // the first answers are compiled
            for (var i = 0; i < options.Turns; i++)
            {
                turns.Add(await TurnAsync(node, load, isVisitedFirst: i % 2 == 1));
                run.Say($"turn {i + 1}: {turns[^1].Without:F2} us of CPU per record, {turns[^1].With:F2} us with page and metrics");
            }
        }

        await node.StopAsync();
        return new VisitResult { Machine = Machine.This, Broker = run.Broker.Description, Options = options, Turns = turns };
    }

    async Task<VisitTurn> TurnAsync(NodeCluster node, SteadyLoad load, bool isVisitedFirst)
    {
        var without = isVisitedFirst ? 0 : await CpuAsync(node, load);
        double with;
        (long Answers, long Bytes) got;
        await using (var visitor = new Visitor(node.AddressOf(0)))
        {
            with = await CpuAsync(node, load);
            got = (visitor.Answers, visitor.Bytes);
        }

        if (isVisitedFirst)
            without = await CpuAsync(node, load);
        return new VisitTurn(without, with, got.Answers, got.Bytes);
    }

    // CPU of the node per record sent, us.
    async Task<double> CpuAsync(NodeCluster node, SteadyLoad load)
    {
        var (cpu, sent) = (Cpu(node), load.Sent);
        await Task.WhenAny(load.Completion, Task.Delay(TimeSpan.FromSeconds(options.Seconds)));
        if (load.Completion.IsCompleted)
            await load.Completion;
        return (Cpu(node) - cpu) * 1e6 / (load.Sent - sent);
    }

    static double Cpu(NodeCluster node) =>
        node.CpuSeconds ?? throw new UserException("the system does not tell the CPU time of the join's process", 1);
}
