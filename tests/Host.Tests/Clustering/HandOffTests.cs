using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Running;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>How long key groups that were moving when a node died are without a home.</summary>
public sealed class HandOffTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("", 15)]
    [InlineData("akkajoin.flow.hand-over-timeout = 20s", 25)]
    [InlineData("akka.cluster.sharding.handoff-timeout = 40s", 40)]
    public void The_coordinator_waits_a_little_longer_than_a_key_group_takes_at_most(string line, int seconds)
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              sqlite.directory = "{{_directory.FullName}}/journal"
              joins.j {
                type = inner, before = 0s, after = 10m
                left { topic = l, key = k, time = t }
                right { topic = r, key = k, time = t }
                output.topic = o
              }
            }
            {{line}}
            """);
        var config = ConfigLoader.Load(file);
        using var journal = NodeJournal.Open(config.Settings.Journal);
        Assert.Equal(TimeSpan.FromSeconds(seconds), NodeConfig.Create(config, journal, []).GetTimeSpan("akka.cluster.sharding.handoff-timeout"));
    }
}
