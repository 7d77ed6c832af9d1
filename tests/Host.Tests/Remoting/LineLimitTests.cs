using AkkaJoin.Host.Running;
using Xunit;

namespace AkkaJoin.Host.Tests.Remoting;

public sealed class LineLimitTests
{
    sealed class Clock : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    [Fact]
    public void More_lines_than_the_limit_are_counted_and_told_of_with_the_next_one_that_passes()
    {
        var clock = new Clock();
        var limit = new LineLimit(2, TimeSpan.FromSeconds(10), clock);
        var passed = Enumerable.Range(0, 5).Count(_ => limit.Passes(out var held) && held == 0);
        Assert.Equal(2, passed);
        clock.Now = TimeSpan.FromSeconds(10);
        Assert.True(limit.Passes(out var left));
        Assert.Equal(3, left);
        Assert.True(limit.Passes(out left));
        Assert.Equal(0, left);
    }
}
