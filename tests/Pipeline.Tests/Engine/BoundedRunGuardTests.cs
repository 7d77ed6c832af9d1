using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Engine;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>Clusters of two nodes; the older one is the test's own actor system.</summary>
public sealed class BoundedRunGuardTests() : TestKit(Settings)
{
    const string Role = "akkajoin-j";
    const string Settings = """
        akka {
          loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster.roles = [akkajoin-j, akkajoin.bounded]
        }
        """;

    [Fact]
    public async Task A_node_that_comes_to_a_bounded_run_is_refused_and_the_run_goes_on()
    {
        using var younger = await JoinAsync(Role);
        var e = Assert.Throws<UserException>(() => BoundedRunGuard.Check(Cluster.Get(younger), "j", Role, isBounded: false));
        Assert.Equal(1, e.ExitCode);
        Assert.Contains($"a bounded run of join 'j' is under way on 127.0.0.1:{Cluster.Get(Sys).SelfAddress.Port}", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<UserException>(() => BoundedRunGuard.Check(Cluster.Get(younger), "j", Role, isBounded: true));
        Assert.Contains($"join 'j' runs on 127.0.0.1:{Cluster.Get(Sys).SelfAddress.Port} already", e.Message, StringComparison.Ordinal);
        BoundedRunGuard.Check(Cluster.Get(Sys), "j", Role, isBounded: true);
        BoundedRunGuard.Check(Cluster.Get(younger), "other", "akkajoin-other", isBounded: true);
    }

    async Task<ActorSystem> JoinAsync(string role)
    {
        var own = Cluster.Get(Sys);
        await own.JoinAsync(own.SelfAddress);
        var other = ActorSystem.Create(Sys.Name, ConfigurationFactory.ParseString($"akka.cluster.roles = [{role}]")
            .WithFallback(Settings).WithFallback(Sys.Settings.Config));
        await Cluster.Get(other).JoinAsync(own.SelfAddress);
        await AwaitConditionAsync(() => Task.FromResult(Cluster.Get(other).State.Members.Count(m => m.Status == MemberStatus.Up) == 2));
        return other;
    }
}
