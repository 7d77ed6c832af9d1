using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Cockpit.Tests;

/// <summary>
/// A node that is a cluster of one and has a join that does not run: nothing answers where its Kafka should be.
/// </summary>
sealed class TestNode : IAsyncDisposable
{
    static readonly Config Configuration = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          coordinated-shutdown { run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off }
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster.sharding.distributed-data.durable.keys = []
        }
        """).WithFallback(KeyGroupRegion.Serialization);

    TestNode(ActorSystem system, AkkaJoinSettings settings)
    {
        System = system;
        Settings = settings;
        Node = new CockpitNode(system, settings, settings.Joins, () => [], new EmptyCatalog());
    }

    internal ActorSystem System { get; }

    internal AkkaJoinSettings Settings { get; }

    internal CockpitNode Node { get; }

    /// <summary>The directory of the token "local" of all tests.</summary>
    internal static string Directory { get; } = MakeDirectory();

    /// <summary>Starts it.</summary>
    /// <param name="admin">What its configuration says below akkajoin.admin.</param>
    internal static async Task<TestNode> StartAsync(string admin = "port = 0")
    {
        var settings = ConfigReader.ReadText(
            $$"""
            akkajoin {
              kafka { bootstrap-servers = "127.0.0.1:1", connect-timeout = 1s }
              admin { {{admin}} }
              joins.j { type = full, before = 0s, after = 1s, left.topic = l, right.topic = r, output.topic = o }
            }
            """,
            "test.conf",
            environment: _ => null).Settings;
        var system = ActorSystem.Create("cockpit", Configuration);
        var cluster = Cluster.Get(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        cluster.Join(cluster.SelfAddress);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return new TestNode(system, settings);
    }

    /// <summary>Its server.</summary>
    internal async Task<CockpitServer> ServeAsync(CockpitLimits? limits = null) =>
        await CockpitServer.StartAsync(Node, Settings.Admin, limits) ?? throw new InvalidOperationException("it does not listen");

    /// <summary>The token that the node has made.</summary>
    internal static string Token() => Cockpit.Access.Token.TextOf(LocalToken.File(), LocalToken.Name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await System.Terminate();
        System.Dispose();
    }

    // Where the tests' nodes and clients look for it.
    static string MakeDirectory()
    {
        var directory = global::System.IO.Directory.CreateTempSubdirectory("akkajoin-tokens").FullName;
        Environment.SetEnvironmentVariable(LocalToken.DirectoryVariable, directory);
        return directory;
    }

    sealed class EmptyCatalog : IJoinCatalog
    {
        public byte[]? Get(string join, string name) => null;

        public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

        public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

        public bool TryReplace(string join, string name, byte[]? expected, byte[] value) => throw new NotSupportedException();

        public long NextGeneration(string join) => throw new NotSupportedException();
    }
}
