using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Tests.Clocks;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>How often a process has to be asked to stop.</summary>
public sealed class StopSignalsTests
{
    [Fact]
    public void Two_signals_at_once_are_one_wish_and_a_later_one_ends_the_process()
    {
        var time = new ManualTime();
        using var signals = new StopSignals(time.Provider);
        Assert.False(signals.Asked.IsCompleted);
        Assert.True(signals.Receive());
        Assert.True(signals.Asked.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(signals.Receive());
        time.Advance(StopSignals.Together);
        Assert.False(signals.Receive());
    }

    [Fact]
    public async Task A_process_that_gets_SIGTERM_twice_at_once_as_from_coreutils_timeout_drains_and_ends_with_0()
    {
        using var kafka = new EmbeddedKafka();
        foreach (var topic in new[] { "left", "right", "rows", "rows.late", "rows.dead" })
            kafka.CreateTopic(topic, 1);
        var directory = Directory.CreateTempSubdirectory("akkajoin-signals-");
        var file = Path.Combine(directory.FullName, "akkajoin.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{kafka.BootstrapServers}}"
              sqlite.directory = "{{directory.FullName}}/journal"
              admin.port = none
              joins.test {
                type = inner, before = 0s, after = 1m
                left { topic = left, key = k, time = t }
                right { topic = right, key = k, time = t }
                output.topic = rows
              }
            }
            """);
        using var engine = EngineProcess.Start("run", "-c", file);
        await JoinOnKafka.PollAsync(() => Task.FromResult(engine.Errors.Contains("akkajoin: test", StringComparison.Ordinal) || engine.HasExited));
        await engine.TerminateTwiceAsync();
        var code = await engine.EndAsync();
        Assert.True(code == 0, $"exit code {code}: {engine.Output}{engine.Errors}");
        Assert.True(engine.Output.Contains("test: ", StringComparison.Ordinal), $"no ledger: {engine.Output}{engine.Errors}");
        directory.Delete(recursive: true);
    }
}
