using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Engine;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>A cluster of one node, which is the oldest, whose region is played by the test.</summary>
public sealed class CoordinatorWatchTests() : TestKit("""
    akka { loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
    """)
{
    [Fact]
    public async Task The_oldest_node_takes_its_coordinator_for_lost_only_when_many_looks_in_a_row_find_none()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        await AwaitConditionAsync(() => Task.FromResult(cluster.State.Members.Any(member => member.Status == MemberStatus.Up))); // what is looked at lags a little
        var region = CreateTestProbe();
        var watch = new CoordinatorWatch(cluster, region.Ref, role: null);
        await LookAsync(watch, region, CoordinatorWatch.UnansweredMax);
        Assert.False(watch.IsLost);
        await LookAsync(watch, region, 1, cluster.SelfAddress);
        await LookAsync(watch, region, CoordinatorWatch.UnansweredMax);
        Assert.False(watch.IsLost);
        await LookAsync(watch, region, 1);
        Assert.True(watch.IsLost);
    }

    [Fact]
    public async Task A_node_that_is_no_member_yet_waits_for_no_coordinator()
    {
        var region = CreateTestProbe();
        var watch = new CoordinatorWatch(Cluster.Get(Sys), region.Ref, role: null);
        await LookAsync(watch, region, CoordinatorWatch.UnansweredMax + 1);
        Assert.False(watch.IsLost);
    }

    [Fact]
    public async Task The_first_answer_is_waited_for_until_the_coordinator_knows_a_region()
    {
        var region = CreateTestProbe();
        var answer = new CoordinatorWatch(Cluster.Get(Sys), region.Ref, role: null)
            .FirstAnswerAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        await region.ExpectMsgAsync<GetCurrentRegions>();
        region.Reply(new CurrentRegions([]));
        await region.ExpectMsgAsync<GetCurrentRegions>();
        Assert.False(answer.IsCompleted);
        region.Reply(new CurrentRegions([Cluster.Get(Sys).SelfAddress]));
        await answer;
    }

    [Fact]
    public async Task A_coordinator_that_does_not_come_is_waited_for_no_longer_than_the_limit()
    {
        var watch = new CoordinatorWatch(Cluster.Get(Sys), CreateTestProbe().Ref, role: null);
        await watch.FirstAnswerAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        Assert.Equal(0, watch.Unanswered);
    }

    // The region answers as it does with a coordinator that knows these, or, with none of them, without a coordinator.
    static async Task LookAsync(CoordinatorWatch watch, TestProbe region, int looks, params Address[] regions)
    {
        for (var i = 0; i < looks; i++)
        {
            watch.Look();
            await region.ExpectMsgAsync<GetCurrentRegions>();
            region.Reply(new CurrentRegions([.. regions]));
        }

        if (regions.Length > 0)
            await region.AwaitConditionAsync(() => Task.FromResult(watch.Unanswered == 0));
    }
}
