using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Cockpit.Tests.Live;

/// <summary>Two nodes of one cluster in this process, without roles, as an application may have them.</summary>
public sealed class TwoNodes : IAsyncDisposable
{
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
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, maximum-frame-size = 65536b }
        }
        """).WithFallback(KeyGroupRegion.Serialization);

    readonly CancellationTokenSource _stopping = new();

    internal ActorSystem First { get; } = ActorSystem.Create("akkajoin", Configuration);

    internal ActorSystem Second { get; } = ActorSystem.Create("akkajoin", Configuration);

    internal static Address Address(ActorSystem node) => Cluster.Get(node).SelfAddress;

    /// <summary>Both are up, and each knows that.</summary>
    internal static async Task<TwoNodes> StartAsync()
    {
        var nodes = new TwoNodes();
        foreach (var node in (ActorSystem[])[nodes.First, nodes.Second])
            await Cluster.Get(node).JoinAsync(Address(nodes.First)).WaitAsync(Patience);
        return nodes;
    }

    /// <summary>Starts the actor by which a node is asked.</summary>
    internal NodeAsker Answer(ActorSystem node, NodeQuestionTable table)
    {
        var stopping = _stopping.Token;
        return new NodeAsker(node, node.ActorOf(Props.Create(() => new NodeActor(table, stopping)), NodeActor.ActorName), table);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(First.Terminate(), Second.Terminate());
        _stopping.Dispose();
    }
}
