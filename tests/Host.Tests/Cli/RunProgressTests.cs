using Akka.Actor;
using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>The line of each ten seconds.</summary>
public sealed class RunProgressTests
{
    [Fact]
    public async Task The_lines_go_on_after_a_key_group_has_not_answered()
    {
        var asked = 0;
        using var output = new StringWriter();
        await RunProgress.WatchAsync(
            "a",
            () => throw (++asked == 3 ? new InvalidOperationException("the router has ended") : new AskTimeoutException("no answer")),
            TimeSpan.Zero,
            output,
            CancellationToken.None);
        Assert.Equal(3, asked);
        Assert.Equal(2, output.ToString().Split('\n').Count(line => line.Contains("akkajoin: a: a key group does not answer", StringComparison.Ordinal)));
    }
}
