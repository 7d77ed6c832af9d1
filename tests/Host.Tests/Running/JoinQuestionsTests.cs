using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>Two nodes with key groups that are none: even ones answer, odd ones are silent as those are that recover.</summary>
public sealed class JoinQuestionsTests : IAsyncLifetime
{
    const int Groups = 6, Started = 4;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static readonly Config Configuration = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          coordinated-shutdown { run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off }
          actor {
            provider = cluster
            serializers.akkajoin-refusing = "AkkaJoin.Shards.Serialization.RefusingSerializer, AkkaJoin.Shards"
            serialization-bindings."System.Object" = akkajoin-refusing
          }
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster {
            roles = ["akkajoin-j"]
            sharding.distributed-data.durable.keys = []
          }
        }
        """).WithFallback(KeyGroupRegion.Serialization);

    readonly JoinSettings _join = ConfigLoader.LoadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j { type = full, before = 0s, after = 1s, left.topic = l, right.topic = r, output.topic = o, key-groups = {{Groups}} }
        }
        """,
        "test.conf").Settings.Joins[0];

    readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ActorSystem[] _nodes = [ActorSystem.Create("akkajoin", Configuration), ActorSystem.Create("akkajoin", Configuration)];
    int _started;

    public async Task InitializeAsync()
    {
        var seed = Cluster.Get(_nodes[0]).SelfAddress;
        foreach (var node in _nodes)
            await Cluster.Get(node).JoinAsync(seed).WaitAsync(Patience);
        foreach (var node in _nodes)
            Start(node);
        var region = ClusterSharding.Get(_nodes[0]).ShardRegion(KeyGroupRegion.TypeName("j"));
        for (var group = 0; group < Started; group++)
            region.Tell(new StartKeyGroup(group));
        await _running.Task.WaitAsync(Patience);
    }

    public Task DisposeAsync() => Task.WhenAll(_nodes.Select(node => node.Terminate()));

    [Fact]
    public async Task Groups_are_found_on_every_node_and_no_question_starts_one()
    {
        var addresses = _nodes.Select(node => Cluster.Get(node).SelfAddress).ToHashSet();
        foreach (var node in _nodes)
        {
            var questions = new JoinQuestions(node, _join);
            var locations = await questions.LocationsAsync(CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, Started), locations.Keys.Order());
            Assert.All(locations.Values, location => Assert.True(location.HasKeyGroup && location.IsReachable && addresses.Contains(location.Node)));

            var statuses = await Task.WhenAll(locations.Values.OrderBy(h => h.Group).Select(location => questions.StatusAsync(location, CancellationToken.None)));
            Assert.Equal([0, null, 2, null], statuses.Select(status => status?.Group));
            Assert.All(statuses.OfType<KeyGroupStatus>(), status => Assert.Equal(locations[status.Group].Node.ToString(), status.Node));

            var none = new KeyGroupLocation(Groups - 1, Cluster.Get(node).SelfAddress, HasKeyGroup: true);
            Assert.Null(await questions.StatusAsync(none, CancellationToken.None));
        }

        Assert.Equal(Started, Volatile.Read(ref _started));
    }

    [Fact]
    public void The_members_are_told_with_the_joins_they_run_and_without_the_roles_that_say_so()
    {
        var members = MemberReports.Of(_nodes[1]);
        Assert.Equal(2, members.Count);
        Assert.All(members, member => Assert.Equal(("j", 0, true), (Assert.Single(member.Joins), member.Roles.Count, member.Reachable)));
        Assert.Equal(Cluster.Get(_nodes[1]).SelfAddress.ToString(), Assert.Single(members, member => member.IsSelf).Address);
        Assert.Equal(Cluster.Get(_nodes[0]).SelfAddress.ToString(), Assert.Single(members, member => member.IsOldest).Address);
        Assert.Single(members, member => member.IsLeader);
    }

    void Start(ActorSystem node)
    {
        var sharding = ClusterSharding.Get(node); // which brings the settings' defaults
        var settings = ClusterShardingSettings.Create(node).WithStateStoreMode(StateStoreMode.DData).WithRole(NodeRoles.Of("j"));
        var starts = GroupStarts;
        sharding.Start(
            KeyGroupRegion.TypeName("j"), _ => Props.Create(() => new SomeGroup(starts)), settings, new KeyGroupExtractor(Groups));
    }

    void GroupStarts()
    {
        if (Interlocked.Increment(ref _started) == Started)
            _running.SetResult();
    }

    sealed class SomeGroup : ReceiveActor
    {
        public SomeGroup(Action starts)
        {
            starts();
            var node = Cluster.Get(Context.System).SelfAddress.ToString();
            Receive<AskStatus>(ask => ask.Group % 2 == 0, ask => Sender.Tell(Status(ask.Group, node)));
            ReceiveAny(_ => { });
        }

        static KeyGroupStatus Status(int group, string node) => new(group)
        {
            Sequence = 0,
            LastConfirmed = 0,
            Left = default,
            Right = default,
            LeftWatermark = 0,
            RightWatermark = 0,
            LeftHolder = "left/0/0",
            RightHolder = "right/0/0",
            Buffered = 0,
            StateBytes = 0,
            JournalBytes = 0,
            LeftWatermarkThatCloses = 0,
            RightWatermarkThatCloses = 0,
            IsIdle = true,
            Rows = 0,
            LateCopies = 0,
            Events = 0,
            Unconfirmed = 0,
            Applied = [],
            Node = node,
        };
    }
}
