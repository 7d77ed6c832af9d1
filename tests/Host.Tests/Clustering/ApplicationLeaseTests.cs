using Akka.Actor;
using Akka.Configuration;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal.Leases;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>How the members of an application's own cluster claim a journal, and how they keep it.</summary>
public sealed class ApplicationLeaseTests : IAsyncLifetime
{
    const string Stranger = "akka.tcp://application@127.0.0.1:1#7";
    static readonly TimeSpan TimeToLive = TimeSpan.FromMilliseconds(300);
    readonly List<ActorSystem> _systems = [];
    readonly FakeLease _lease = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task The_first_member_takes_the_lease_and_the_next_one_shares_it()
    {
        var first = await NodeAsync();
        var second = await NodeAsync(first);
        var id = await ClaimAsync(first);
        Assert.Equal(new LeaseHolder(AkkaCluster.Get(first), withUid: true).Self, _lease.Current!.Holder);
        Assert.Equal(id, await ClaimAsync(second));
        Assert.Equal(new LeaseHolder(AkkaCluster.Get(second), withUid: true).Self, _lease.Current!.Holder);
    }

    [Fact]
    public async Task A_cluster_that_renews_the_lease_elsewhere_is_named_and_the_claim_is_refused()
    {
        var node = await NodeAsync();
        _lease.Current = new LeaseState("another", Stranger, TimeSpan.FromHours(1));
        var claim = ClaimAsync(node);
        await JoinOnKafka.PollAsync(() =>
        {
            _lease.Current = _lease.Current! with { Remaining = _lease.Current.Remaining + TimeSpan.FromMinutes(1) };
            return Task.FromResult(claim.IsCompleted);
        });
        var refused = await Assert.ThrowsAsync<UserException>(() => claim);
        Assert.Contains(Stranger, refused.Message, StringComparison.Ordinal);
        Assert.Equal("another", _lease.Current.ClusterId);
    }

    [Fact]
    public async Task A_lease_whose_cluster_died_is_waited_for_and_taken_when_it_ends()
    {
        var node = await NodeAsync();
        _lease.Current = new LeaseState("another", Stranger, TimeSpan.FromHours(1));
        var claim = ClaimAsync(node);
        await JoinOnKafka.PollAsync(() =>
        {
            _lease.Current = _lease.Current! with { Remaining = _lease.Current.Remaining - TimeSpan.FromSeconds(1) };
            return Task.FromResult(_lease.Refusals >= 3);
        });
        Assert.False(claim.IsCompleted);
        _lease.Current = _lease.Current with { Remaining = TimeSpan.FromSeconds(-1) };
        Assert.Equal(await claim, _lease.Current.ClusterId);
    }

    [Fact]
    public async Task A_node_with_the_address_of_a_member_that_is_another_process_is_no_member()
    {
        var node = await NodeAsync();
        var cluster = AkkaCluster.Get(node);
        Assert.True(new LeaseHolder(cluster, withUid: true).IsMember($"{cluster.SelfAddress}#{cluster.SelfUniqueAddress.Uid}"));
        Assert.False(new LeaseHolder(cluster, withUid: true).IsMember($"{cluster.SelfAddress}#{cluster.SelfUniqueAddress.Uid + 1}"));
        Assert.True(new LeaseHolder(cluster, withUid: false).IsMember(cluster.SelfAddress.ToString()));
    }

    [Fact]
    public async Task A_part_of_a_cluster_that_fell_apart_which_goes_on_with_the_lease_is_noticed()
    {
        var node = await NodeAsync();
        var lost = new TaskCompletionSource<string>();
        var id = await ClaimAsync(node);
        LeaseKeeper.Start(
            node, _lease, new LeaseHolder(AkkaCluster.Get(node), withUid: true), id, TimeToLive, lost.SetResult, strangerMax: TimeSpan.FromMilliseconds(500));
        await JoinOnKafka.PollAsync(() =>
        {
            _lease.Current = _lease.Current! with { Holder = Stranger };
            return Task.FromResult(lost.Task.IsCompleted);
        });
        Assert.Equal(Stranger, await lost.Task);
    }

    [Fact]
    public async Task A_member_that_was_given_up_and_renewed_once_more_costs_nobody_the_journal()
    {
        var node = await NodeAsync();
        var self = new LeaseHolder(AkkaCluster.Get(node), withUid: true).Self;
        var lost = new TaskCompletionSource<string>();
        LeaseKeeper.Start(
            node, _lease, new LeaseHolder(AkkaCluster.Get(node), withUid: true), await ClaimAsync(node), TimeToLive, lost.SetResult, strangerMax: TimeSpan.FromMilliseconds(500));
        _lease.Current = _lease.Current! with { Holder = Stranger };
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Current.Holder == self));
        var before = _lease.Writes;
        await JoinOnKafka.PollAsync(() => Task.FromResult(_lease.Writes >= before + 8)); // beyond strangerMax
        Assert.False(lost.Task.IsCompleted);
    }

    Task<string> ClaimAsync(ActorSystem node) =>
        new ApplicationLease(_lease, "the test's journal", "test.key", new LeaseHolder(AkkaCluster.Get(node), withUid: true), TimeToLive, node.Log).ClaimAsync(CancellationToken.None);

    async Task<ActorSystem> NodeAsync(ActorSystem? seed = null)
    {
        var system = ActorSystem.Create("application", ConfigurationFactory.ParseString("""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
            }
            """).WithFallback(ShutdownPhases.Config([])));
        _systems.Add(system);
        var cluster = AkkaCluster.Get(system);
        await cluster.JoinAsync(AkkaCluster.Get(seed ?? system).SelfAddress);

        // What a node knows of its members follows its joining.
        var self = cluster.SelfUniqueAddress;
        await JoinOnKafka.PollAsync(() => Task.FromResult(cluster.State.Members.Any(member => member.UniqueAddress == self)));
        return system;
    }
}
