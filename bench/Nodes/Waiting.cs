using System.Diagnostics;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Nodes;

/// <summary>Waits for what other processes do.</summary>
static class Waiting
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is yes.</summary>
    /// <exception cref="UserException">It is not, within the limit.</exception>
    internal static async Task UntilAsync(TimeSpan limit, string what, Func<Task<bool>> isSo)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
                throw new UserException($"waited for {what} for {limit.TotalSeconds} s, in vain", 1);
            await Task.Delay(Interval);
        }
    }
}
