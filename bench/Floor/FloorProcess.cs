using System.Text.Json;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Cli;
using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Host;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Floor;

/// <summary><see cref="FloorLoop"/> as a process of its own, so that the start of the runtime counts as it does for a join.</summary>
static class FloorProcess
{
    // Rows of a load are alike.
    const int RowsLookedAt = 1_000;
    const int SilenceMaxMs = 30_000;

    /// <summary>Runs it over the topics that a join has read.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="topics">The topics.</param>
    /// <param name="join">The join's run, whose output is still there.</param>
    /// <param name="figures">What it did.</param>
    /// <param name="name">A topic of the loop's own.</param>
    internal static async Task<FloorFigures> RunAsync(Broker broker, LoadTopics topics, JoinProcess join, RunFigures figures, string name)
    {
        await topics.EnsureAsync(name);
        var task = new FloorTask(broker.Servers, topics.Impressions, topics.Plays, name, figures.Records, figures.Rows, RowBytes(join));
        var brokerBefore = broker.CpuSeconds;
        var run = await BenchProgram.RunAsync(FloorCommand.Arguments(task));
        var brokerAfter = broker.CpuSeconds;
        await topics.DropAsync(name);
        if (run.ExitCode != 0)
            throw new UserException($"the loop ended with {run.ExitCode}: {run.Error}", 1);
        using var result = JsonDocument.Parse(run.Output);
        return new FloorFigures(
            result.RootElement.GetProperty("records").GetInt64(),
            result.RootElement.GetProperty("rows").GetInt64(),
            run.CpuSeconds ?? run.SampledCpuSeconds ?? throw new UserException("the system does not tell the CPU time of a process", 1),
            brokerAfter - brokerBefore);
    }

    // Key, value and headers, the mean of some rows.
    static int RowBytes(JoinProcess join)
    {
        using var reader = new TopicReader(ConfigLoader.Load(join.ConfigFile).Settings.Kafka, SilenceMaxMs);
        var sizes = reader.Read(join.Output, reader.Ends(join.Output), CancellationToken.None).Take(RowsLookedAt)
            .Select(r => (r.Message.Key?.Length ?? 0) + (r.Message.Value?.Length ?? 0) + r.Message.Headers.Sum(h => h.Key.Length + (h.GetValueBytes()?.Length ?? 0)))
            .ToList();
        return sizes.Count == 0 ? throw new UserException(FormattableString.Invariant($"the join has no rows in {join.Output}"), 1) : (int)sizes.Average();
    }
}
