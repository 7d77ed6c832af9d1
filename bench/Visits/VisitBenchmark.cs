using System.Diagnostics;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Live;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Visits;

/// <summary>
/// What an open page and /metrics cost a live run: one node and one load, without and with a visitor in turns. What
/// comes first changes from turn to turn: the state grows meanwhile. Before the turns a visitor asks much oftener
/// than a page does, which does not count.
/// </summary>
sealed class VisitBenchmark(VisitOptions options, TextWriter progress)
{
    // What answers is compiled at its first call, and again, optimized, at its thousandth: an open page takes half an
    // hour for that.
    internal const int WarmOftener = 100;
    internal static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(60);

    // What is compiled last, and the node after its start.
    static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

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
            await using (new Visitor(node.AddressOf(0), WarmOftener))
                await Task.Delay(WarmTime);
            await Task.Delay(SettleTime);
            for (var i = 0; i < options.Turns; i++)
            {
                turns.Add(await TurnAsync(node, load, isVisitedFirst: i % 2 == 1));
                var (turn, last) = (i + 1, turns[^1]);
                run.Say($"turn {turn}: {last.Without:F2} us of CPU per record, {last.With:F2} with page and metrics, load {last.Load:F1}");
            }
        }

        await Task.Delay(SettleTime);
        var quiet = await QuietAsync(node);
        run.Say($"without records: {quiet.Without:F1} ms of CPU a second, {quiet.With:F1} ms with page and metrics");
        await node.StopAsync();
        return new VisitResult { Machine = Machine.This, Broker = run.Broker.Description, Options = options, Turns = turns, Quiet = quiet };
    }

    // Without records the node does little else: the difference is small, and not lost in what a load varies by.
    async Task<QuietTurn> QuietAsync(NodeCluster node)
    {
        var (without, with) = (0.0, 0.0);
        for (var i = 0; i < 2; i++)
        {
            without += await CpuMsAsync();
            await using (new Visitor(node.AddressOf(0)))
                with += await CpuMsAsync();
        }

        return new QuietTurn(without / 2, with / 2);

        async Task<double> CpuMsAsync()
        {
            var (cpu, since) = (Cpu(node), Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            return (Cpu(node) - cpu) * 1e3 / Stopwatch.GetElapsedTime(since).TotalSeconds;
        }
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
        return new VisitTurn(without, with, got.Answers, got.Bytes, ProcFiles.LoadAverage);
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
