using AkkaJoin.Bench.Nodes;

namespace AkkaJoin.Bench.CatchUp;

/// <summary>The most that the key groups of a node held, as it answered when it was asked.</summary>
/// <param name="Records">Records held.</param>
/// <param name="Bytes">Bytes held.</param>
readonly record struct StatePeak(long Records, long Bytes)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until something has ended.</summary>
    internal static async Task<StatePeak> WatchAsync(NodeCluster node, Task until)
    {
        var peak = new StatePeak(0, 0);
        while (!until.IsCompleted)
        {
            var groups = (await node.ReportAsync()).Joins[0].Groups;
            peak = new StatePeak(Math.Max(peak.Records, groups.Sum(g => (long)(g.Buffered ?? 0))), Math.Max(peak.Bytes, groups.Sum(g => g.StateBytes ?? 0)));
            await Task.WhenAny(until, Task.Delay(Interval));
        }

        await until;
        return peak;
    }
}
