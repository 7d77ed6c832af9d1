using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Tests.Clocks;
using Xunit;

namespace AkkaJoin.Host.Tests.Remoting;

public sealed class LineLimitTests
{
    [Fact]
    public void More_lines_than_the_limit_are_counted_and_told_of_with_the_next_one_that_passes()
    {
        var time = new ManualTime();
        var limit = new LineLimit(2, TimeSpan.FromSeconds(10), time.Provider);
        var passed = Enumerable.Range(0, 5).Count(_ => limit.Passes(out var held) && held == 0);
        Assert.Equal(2, passed);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limit.Passes(out var left));
        Assert.Equal(3, left);
        Assert.True(limit.Passes(out left));
        Assert.Equal(0, left);
    }
}
