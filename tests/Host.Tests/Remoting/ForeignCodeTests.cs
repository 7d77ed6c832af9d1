using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Host.Running;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Shards.Journal.Sqlite;
using AkkaJoin.Shards.Protocol;
using Microsoft.Extensions.Hosting;
using Xunit;
using static AkkaJoin.Host.Tests.Remoting.Canary;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>
/// A bare actor system speaks to the actor system of a node, as whoever reaches its port could: over TCP where TLS is off, and over TLS with the very
/// certificate of the nodes. Nothing that it names runs, and nothing arrives that a node does not send. Without the guard it does, so the attacks are real.
/// </summary>
public sealed class ForeignCodeTests : IAsyncLifetime
{
    internal const string Probe = "/user/probe", Last = "/user/last";
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-foreign-");
    readonly ConcurrentQueue<object> _arrived = new();
    readonly ConcurrentQueue<object> _afterwards = new();
    readonly List<IAsyncDisposable> _attackers = [];
    SqliteJournal _journal = null!;
    IHost? _host;
    ActorSystem _node = null!;
    NodeTls? _tls;

    public Task InitializeAsync()
    {
        _journal = SqliteJournal.Open(_directory.FullName);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var attacker in _attackers)
            await attacker.DisposeAsync();
        await _node.Terminate();
        _host?.Dispose();
        _journal.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_foreign_bytes_name_runs_in_a_node_and_nothing_of_it_arrives(bool tls)
    {
        await StartAsync(tls);
        var attack = Attack(_tls);
        await attack.DeliverAsync(this);
        Assert.Empty(Ran);
        Assert.Empty(_arrived);
        await SayAsync(attack.Attacker, Probe, 7); // it lives
    }

    [Fact]
    public async Task Without_the_guard_the_same_bytes_run_what_they_name()
    {
        _node = ActorSystem.Create("akkajoin", ConfigurationFactory.ParseString("""
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            """).WithFallback(Shards.KeyGroups.KeyGroupRegion.Serialization)
            .WithFallback(Akka.Cluster.Sharding.ClusterSharding.DefaultConfig()).WithFallback(Akka.DistributedData.DistributedData.DefaultConfig()));
        StartProbe();
        Assert.False(AkkaJoinGuard.IsGuarded(_node));
        var attack = Attack(null);
        attack.Attacker.Deploy<Bird>();
        await JoinOnKafka.PollAsync(() => Task.FromResult(Ran.Contains("actor")));
        await attack.DeliverAsync(this);
        Assert.Contains("constructor", Ran);
        Assert.Contains("setter", Ran);
        Assert.Contains("serialization constructor", Ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PoisonPill_Kill_and_a_deployment_do_not_arrive_from_whoever_speaks_to_a_node(bool tls)
    {
        await StartAsync(tls);
        var attacker = Attack(_tls).Attacker;
        attacker.Send(Probe, PoisonPill.Instance);
        attacker.Send(Probe, Kill.Instance);
        attacker.Select(Probe, PoisonPill.Instance);
        attacker.Select(Probe, new StartKeyGroup(1)); // by selection not even what a node sends
        attacker.Select("/user/*", Kill.Instance);
        attacker.Deploy<Bird>();
        await SayAsync(attacker, Last, 7);
        Assert.Empty(_arrived);
        Assert.DoesNotContain("actor", Ran);
        await SayAsync(attacker, Probe, 7); // it lives
    }

    [Fact]
    public async Task Who_has_no_certificate_of_the_nodes_says_nothing_to_them()
    {
        await StartAsync(tls: true);
        using var other = SqliteJournal.Open(Path.Combine(_directory.FullName, "other"));
        foreach (var certificate in new[] { null, NodeTls.OfJournal(other) })
        {
            var attacker = Attack(certificate).Attacker;
            attacker.Send(Probe, new Deliver(0, [1, 2, 3]));
            attacker.Send(Probe, PoisonPill.Instance);
            attacker.Deploy<Bird>();
            await attacker.GivenUpAsync();
        }

        var node = Attack(_tls).Attacker;
        await SayAsync(node, Last, 7);
        Assert.Empty(_arrived);
        Assert.DoesNotContain("actor", Ran);
        await SayAsync(node, Probe, 7);
    }

    [Fact]
    public async Task Every_serializer_of_a_node_is_a_guard_a_refuser_or_our_own()
    {
        await StartAsync(tls: false);
        var field = typeof(Akka.Serialization.Serialization).GetField("_serializersById", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        var byId = (IReadOnlyDictionary<int, Akka.Serialization.Serializer>)field.GetValue(_node.Serialization)!;
        Assert.All(byId, found => Assert.Equal("AkkaJoin.Shards.Serialization", found.Value.GetType().Namespace));
        Assert.True(byId.Count > 60);
    }

    async Task StartAsync(bool tls)
    {
        Forget();
        var config = ConfigLoader.LoadText(
            $$"""
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              cluster.tls.mode = {{(tls ? "auto" : "off")}}
              joins.a { type = inner, before = 0s, after = 1s, left.topic = l, right.topic = r, output.topic = o }
            }
            akka.loglevel = OFF
            """,
            "f.conf");
        _tls = NodeTls.Of(config.Settings.Cluster, _journal);
        _host = await NodeSystem.StartAsync(config, _journal, ["test"], _tls);
        _node = NodeSystem.Of(_host);
        Assert.True(AkkaJoinGuard.IsGuarded(_node));
        StartProbe();
    }

    void StartProbe()
    {
        Forget();
        _node.ActorOf(Props.Create(() => new ProbeActor(_arrived)), "probe");
        _node.ActorOf(Props.Create(() => new ProbeActor(_afterwards)), "last");
    }

    Attack Attack(NodeTls? tls)
    {
        var attacker = new Attacker(((ExtendedActorSystem)_node).Provider.DefaultAddress, tls);
        _attackers.Add(attacker);
        return new Attack(attacker);
    }

    /// <summary>Says what a node may say, until it has arrived: messages may be lost where a machine is busy. What was said before it has been read by then.</summary>
    /// <returns>Whether it had not to be said again.</returns>
    internal async Task<bool> SayAsync(Attacker attacker, string path, int group)
    {
        var arrived = path == Probe ? _arrived : _afterwards;
        for (var i = 0; i < 30; i++)
        {
            attacker.Send(path, new StartKeyGroup(group));
            for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2); await Task.Delay(5))
            {
                if (arrived.Contains(new StartKeyGroup(group)))
                    return i == 0;
            }
        }

        throw new TimeoutException($"{path} was not reached");
    }

    sealed class ProbeActor : UntypedActor
    {
        readonly ConcurrentQueue<object> _arrived;

        public ProbeActor(ConcurrentQueue<object> arrived) => _arrived = arrived;

        protected override void OnReceive(object message) => _arrived.Enqueue(message);
    }
}
