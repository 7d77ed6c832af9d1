using System.Diagnostics;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>Waits for a condition, with a deadline.</summary>
static class Poll
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Deadline, "waited in vain until " + what);
            await Task.Delay(5);
        }
    }
}
