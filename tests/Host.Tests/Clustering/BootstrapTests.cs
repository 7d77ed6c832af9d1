using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal.Leases;
using AkkaJoin.Shards.Journal.Sqlite;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;
using ClusterSettings = AkkaJoin.Pipeline.Settings.ClusterSettings;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>How nodes find each other by way of the journal's lease, and what they do without it.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    static readonly ClusterSettings Settings = new() { FormAfterMs = 500, LeaseTimeoutMs = 300 };
    readonly List<ActorSystem> _systems = [];
    readonly FakeLease _lease = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task A_node_alone_takes_the_lease_and_forms_the_cluster_and_gives_the_lease_free_when_it_leaves()
    {
        var node = Node();
        await JoinAsync(node);
        Assert.Equal(AkkaCluster.Get(node).SelfAddress.ToString(), _lease.Current!.Holder);
        await CoordinatedShutdown.Get(node).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        Assert.Null(_lease.Current);
    }

    [Fact]
    public async Task A_second_node_joins_the_one_that_holds_the_lease_without_knowing_a_seed()
    {
        var first = Node();
        var second = Node();
        await JoinAsync(first);
        var id = _lease.Current!.ClusterId;
        await JoinAsync(second);
        Assert.Equal(2, AkkaCluster.Get(second).State.Members.Count);
        Assert.Equal(id, _lease.Current!.ClusterId);
    }

    [Fact]
    public async Task A_node_waits_for_a_holder_that_does_not_answer_and_forms_the_cluster_when_its_lease_has_ended()
    {
        var node = Node();
        _lease.Current = new LeaseState("another", "akka.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        var joining = JoinAsync(node);
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Refusals >= 2));
        Assert.Empty(AkkaCluster.Get(node).State.Members);
        _lease.Current = _lease.Current with { Remaining = TimeSpan.FromSeconds(-1) };
        await joining;
        Assert.NotEqual("another", _lease.Current.ClusterId);
    }

    [Fact]
    public async Task A_node_whose_actor_system_ends_while_it_waits_ends_with_the_reason()
    {
        var node = Node();
        _lease.Current = new LeaseState("another", "akka.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        var joining = JoinAsync(node);
        await CoordinatedShutdown.Get(node).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        var end = await Assert.ThrowsAsync<UserException>(() => joining.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(ExitCodes.Downed, end.ExitCode);
    }

    [Fact]
    public async Task A_node_stops_as_one_that_was_given_up_when_another_cluster_has_the_lease()
    {
        var node = Node();
        await JoinAsync(node);
        _lease.Current = new LeaseState("another", "akka.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        await node.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.IsType<CoordinatedShutdown.ClusterDowningReason>(CoordinatedShutdown.Get(node).ShutdownReason);
        Assert.Equal("another", _lease.Current.ClusterId);
    }

    [Fact]
    public async Task A_node_that_was_let_in_by_a_cluster_which_lost_the_journal_ends_as_one_that_was_given_up()
    {
        var first = Node();
        var self = AkkaCluster.Get(first).SelfAddress;
        await AkkaCluster.Get(first).JoinAsync(self);
        _lease.Current = new LeaseState("another", "akka.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        var joining = ClusterBootstrap.JoinAsync(Node(), Settings with { Seeds = [$"{self.Host}:{self.Port}"], FormAfterMs = 20_000 }, _lease, CancellationToken.None);
        var end = await Assert.ThrowsAsync<UserException>(() => joining.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(ExitCodes.Downed, end.ExitCode);
    }

    [Fact]
    public async Task A_node_whose_lease_cannot_be_renewed_stays_and_renews_it_when_the_database_is_back()
    {
        var node = Node();
        await JoinAsync(node);
        _lease.IsAway = true;
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Failures >= 3));
        _lease.Current = null;
        _lease.IsAway = false;
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Current is not null));
        Assert.Equal(MemberStatus.Up, AkkaCluster.Get(node).SelfMember.Status);
    }

    [Fact]
    public async Task A_node_waits_for_the_database_of_the_lease()
    {
        var node = Node();
        _lease.IsAway = true;
        var joining = JoinAsync(node);
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Failures >= 2));
        Assert.False(joining.IsCompleted);
        _lease.IsAway = false;
        await joining;
    }

    [Fact]
    public async Task A_node_that_speaks_TLS_where_the_journal_is_held_without_ends_and_says_how_to_replace_the_others()
    {
        var directory = Directory.CreateTempSubdirectory("akkajoin-bootstrap-");
        using var journal = SqliteJournal.Open(directory.FullName);
        var node = Node(NodeTls.OfJournal(journal));
        directory.Delete(recursive: true);
        _lease.Current = new LeaseState("another", "akka.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        var end = await Assert.ThrowsAsync<UserException>(() => JoinAsync(node).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(ExitCodes.Config, end.ExitCode);
        Assert.Contains("cluster.tls.mode = off", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_speaks_without_TLS_where_the_journal_is_held_with_it_ends_and_says_so()
    {
        _lease.Current = new LeaseState("another", "akka.ssl.tcp://akkajoin@127.0.0.1:1", TimeSpan.FromHours(1));
        var end = await Assert.ThrowsAsync<UserException>(() => JoinAsync(Node()).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(ExitCodes.Config, end.ExitCode);
        Assert.Contains("speak TLS", end.Message, StringComparison.Ordinal);
    }

    Task JoinAsync(ActorSystem node) => ClusterBootstrap.JoinAsync(node, Settings, _lease, CancellationToken.None);

    ActorSystem Node(NodeTls? tls = null)
    {
        var config = ConfigurationFactory.ParseString($$"""
            {{(tls is null ? "" : "akka.remote.dot-netty.tcp.transport-class = \"AkkaJoin.Host.Remoting.NodeTransport, akkajoin\"")}}
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              cluster.run-coordinated-shutdown-when-down = on
              coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
            }
            """).WithFallback(ShutdownPhases.Config([]));
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        var system = ActorSystem.Create("akkajoin", tls is null ? setup : setup.And(new NodeTlsSetup(tls)));
        _systems.Add(system);
        return system;
    }
}
