using System.Diagnostics;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Embedded;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>How often a process has to be asked to stop.</summary>
public sealed class StopSignalsTests
{
    [Fact]
    public void Two_signals_at_once_are_one_wish_and_a_later_one_ends_the_process()
    {
        var clock = new ManualClock();
        using var signals = new StopSignals(clock);
        Assert.False(signals.Asked.IsCompleted);
        Assert.True(signals.Take());
        Assert.True(signals.Asked.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(signals.Take());
        clock.Advance(StopSignals.Together);
        Assert.False(signals.Take());
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
              cluster.admin-port = none
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
        Assert.Contains("test: ", engine.Output, StringComparison.Ordinal); // the ledger of an orderly end
        directory.Delete(recursive: true);
    }

    sealed class ManualClock : TimeProvider
    {
        long _ticks = Stopwatch.Frequency;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
