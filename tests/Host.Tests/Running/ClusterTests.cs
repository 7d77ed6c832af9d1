using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>A running node, asked by <c>akkajoin cluster</c>.</summary>
[Trait("Needs", "Kafka")]
public sealed partial class ClusterTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    [RealKafkaFact]
    public async Task A_running_node_says_where_each_key_group_lives_how_far_it_is_and_that_nothing_is_left_to_read()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", more: "key-groups = 8");
        join.Feed(new Workload(5_000, 3, 1_573_552_530_000).Records());
        using var engine = EngineProcess.Start("run", "-c", join.ConfigFile);
        await join.RowsAsync(100);
        var address = Address().Match(engine.Errors).Groups[1].Value;

        var report = await AskAsync(address);
        await JoinOnKafka.PollAsync(async () => (report = await AskAsync(address)).Joins[0].Groups.All(g => g.Lag == 0 && g.Unconfirmed == 0));
        var member = Assert.Single(report.Members);
        Assert.Equal(("up", true, true, true, true), (member.Status, member.Reachable, member.IsSelf, member.IsLeader, member.IsOldest));
        Assert.Equal(("test", 0), (Assert.Single(member.Joins), member.Roles.Count));
        var found = Assert.Single(report.Joins);
        Assert.Equal(Enumerable.Range(0, 8), found.Groups.Select(g => g.Group));
        Assert.All(found.Groups, group =>
        {
            Assert.Equal((member.Address, KeyGroupState.Running), (group.Node, group.State));
            Assert.True(group.Sequence > 0);
            Assert.Equal(join.Left, group.Left!.Topic);
            Assert.InRange(group.Right!.Watermark!.Value, 1_573_552_000_000, 1_573_560_000_000);
        });
        Assert.True(found.Groups.Sum(g => g.Buffered) > 0);

        var (code, output, _) = await EngineProcess.RunAsync("cluster", address);
        Assert.Equal(0, code);
        Assert.Contains("test: 8 key groups, 8 running; lag 0, ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.Equal(0, await engine.TerminateAsync());
        Assert.Equal(1, (await EngineProcess.RunAsync("cluster", address)).Code);
    }

    static async Task<ClusterReport> AskAsync(string address)
    {
        var (_, output, errors) = await EngineProcess.RunAsync("cluster", address, "--json");
        Assert.True(errors.Trim().Length == 0, errors); // the code is 1 as long as not all key groups run
        return JsonSerializer.Deserialize<ClusterReport>(output, CockpitJson.Options)!;
    }

    [GeneratedRegex(@"akkajoin: listens for questions at (127\.0\.0\.1:\d+) ")]
    private static partial Regex Address();
}
