using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Engine;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>An actor that a join stands on ends.</summary>
public sealed class PartWatchTests : IAsyncLifetime
{
    readonly ActorSystem _system = ActorSystem.Create("parts", "akka { loglevel = OFF, stdout-loglevel = OFF }");
    readonly ConcurrentQueue<Exception> _fatal = new();
    bool _isEnding;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    [Fact]
    public async Task The_end_of_a_part_that_nobody_told_to_end_is_the_end_of_the_join_with_its_name()
    {
        await EndOfPartAsync();
        var end = Assert.IsType<UserException>(Assert.Single(_fatal));
        Assert.Equal(1, end.ExitCode);
        Assert.StartsWith("the region has ended though nothing told this node to stop", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_part_of_a_join_that_ends_is_none()
    {
        _isEnding = true;
        await EndOfPartAsync();
        Assert.Empty(_fatal);
    }

    [Fact]
    public async Task The_end_of_the_actor_system_is_none()
    {
        var watching = Watch(Part());
        await _system.Terminate();
        await watching.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(_fatal);
    }

    [Fact]
    public async Task A_node_that_was_given_up_is_known_before_its_shutdown_begins()
    {
        using var system = ActorSystem.Create("given-up", """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              cluster.run-coordinated-shutdown-when-down = off
            }
            """);
        var cluster = Cluster.Get(system);
        Assert.False(ClusterPeers.IsGivenUp(cluster)); // it is in none yet
        await cluster.JoinAsync(cluster.SelfAddress);
        Assert.False(ClusterPeers.IsGivenUp(cluster));
        cluster.Down(cluster.SelfAddress);
        Assert.True(SpinWait.SpinUntil(() => ClusterPeers.IsGivenUp(cluster), TimeSpan.FromMinutes(3)));
    }

    async Task EndOfPartAsync()
    {
        var part = Part();
        var watching = Watch(part);
        part.Tell(PoisonPill.Instance);
        await watching.WaitAsync(TimeSpan.FromSeconds(30));
    }

    Task Watch(IActorRef part) => new PartWatch(_system, () => _isEnding, _fatal.Enqueue, TimeSpan.Zero).WatchAsync(part, "the region");

    IActorRef Part() => _system.ActorOf(Props.Create<Nothing>());

    sealed class Nothing : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
