using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Embedded;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>Commands of <c>pbm</c> that need key groups, on a node that runs a join.</summary>
public sealed class PbmOnNodeTests : IDisposable
{
    const string Said = "questions at ";
    readonly EmbeddedKafka _kafka = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-pbm-");

    // Where all processes of the tests look for their token: another test may say so while this one runs.
    public PbmOnNodeTests() => _ = TestNode.Directory;

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Key_groups_are_shown_as_shards_and_in_the_journal_and_a_node_that_is_told_to_leave_ends_with_0()
    {
        using var node = EngineProcess.Start("run", "-c", Configure());
        await JoinOnKafka.PollAsync(() => Task.FromResult(node.Errors.Contains(Said, StringComparison.Ordinal)));
        var address = node.Errors[(node.Errors.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Split(' ')[0];
        await JoinOnKafka.PollAsync(async () => (await PbmAsync(address, "journal", "stats")).Code == 0);
        await JoinOnKafka.PollAsync(async () => (await EngineProcess.RunAsync("health", address, "--ready")).Code == 0);

        var (_, regions, _) = await PbmAsync(address, "cluster-sharding", "regions", "j");
        Assert.EndsWith("4  0-3", regions.TrimEnd(), StringComparison.Ordinal);
        var (_, entities, _) = await PbmAsync(address, "cluster-sharding", "entities");
        Assert.Equal(4, entities.Split('\n').Count(line => line.EndsWith("  there", StringComparison.Ordinal)));

        var (code, output, errors) = await PbmAsync(address, "cluster", "leave");
        Assert.True(code == 0, errors);
        Assert.Contains(" leaves", output, StringComparison.Ordinal);
        Assert.Equal(0, await node.EndAsync());
        Assert.Contains("the node has left the cluster, as it was told", node.Errors, StringComparison.Ordinal);
    }

    static Task<(int Code, string Output, string Errors)> PbmAsync(string address, params string[] command) =>
        EngineProcess.RunAsync(["pbm", address, .. command]);

    string Configure()
    {
        foreach (var topic in new[] { "l", "r", "o", "o.late", "o.dead" })
            _kafka.CreateTopic(topic, 1);
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = 0
              joins.j {
                type = inner, before = 0s, after = 1m, key-groups = 4
                left { topic = l, key = k, time = t }, right { topic = r, key = k, time = t }, output.topic = o
              }
            }
            """);
        return file;
    }
}
