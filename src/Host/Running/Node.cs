using System.Net;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Host.Administration;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Microsoft.Extensions.Hosting;

namespace AkkaJoin.Host.Running;

/// <summary>
/// One process, one node of the cluster: the journal, an actor system, and the joins of the configuration. Everything that can be checked is checked
/// before the node asks to be a member: one whose definition of a join differs does not come in.
/// </summary>
sealed class Node : IAsyncDisposable
{
    static readonly TimeSpan DownedTimeout = TimeSpan.FromSeconds(3);
    readonly JoinJournal _journal;
    readonly IHost _host;
    NodeAdministration? _administration;

    Node(JoinJournal journal, IHost host)
    {
        _journal = journal;
        _host = host;
        System = NodeSystem.Of(host);
    }

    /// <summary>The actor system.</summary>
    internal ActorSystem System { get; }

    /// <summary>The joins that run.</summary>
    internal List<JoinEngine> Joins { get; } = [];

    /// <summary>Where <c>akkajoin cluster</c> can ask this node; null = nowhere.</summary>
    internal IPEndPoint? AdminAddress => _administration?.Address;

    /// <summary>Done when the actor system has ended, by this node's will or not.</summary>
    internal Task Ended => System.WhenTerminated;

    /// <summary>Whether the others gave this node up, or the journal is another cluster's now.</summary>
    internal bool WasDowned => CoordinatedShutdown.Get(System).ShutdownReason is CoordinatedShutdown.ClusterDowningReason;

    /// <summary>Starts the joins, or the named one alone.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the joins run.</param>
    /// <param name="only">The name of the only join to run, or null.</param>
    /// <param name="stopping">Gives up waiting for the cluster.</param>
    /// <exception cref="UserException">Something is not as needed; the message says what to do.</exception>
    internal static async Task<Node> StartAsync(LoadedConfig config, EngineOptions options, string? only, CancellationToken stopping)
    {
        var chain = new JoinChain([.. config.Settings.Joins.Where(j => only is null || j.Name == only)]);
        if (options.Bounded)
            chain.RefuseCycle();
        var joins = chain.InOrder; // so topics that a join makes are there for the next
        var journal = await Task.Run(() => NodeJournal.Open(config.Settings.Journal)); // may wait for its server
        var tls = NodeTls.Of(config.Settings.Cluster, journal);
        var node = new Node(journal, await NodeSystem.StartAsync(config, journal, NodeRoles.All(joins, options), tls));
        if (tls is null)
            HostLog.SpeaksPlain(node.System.Log);
        try
        {
            var memory = new NodeMemory(config.Settings.Memory);
            _ = node.Ended.ContinueWith(_ => memory.Dispose(), TaskScheduler.Default);
            var engines = new List<JoinEngine>();
            foreach (var join in joins)
                engines.Add(await JoinEngine.PrepareAsync(node.System, config.Settings.Kafka, join, journal, options, NodeRoles.Of(join.Name), memory));
            await ClusterBootstrap.JoinAsync(node.System, config.Settings.Cluster, journal.Lease, stopping, tls);
            for (var i = 0; i < engines.Count; i++)
            {
                var engine = engines[i];
                var before = options.Bounded ? chain.Before(joins[i]).Select(join => node.Joins.First(e => e.Name == join.Name)).ToList() : [];
                if (before.Count > 0)
                    engine.StartAfter(before);
                else
                    await engine.StartAsync();
                ShutdownPhases.Add(node.System, engine);
                node.Joins.Add(engine);
            }

            node._administration = NodeAdministration.Start(node.System, config.Settings, joins, node.Joins);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        return node;
    }

    /// <summary>Says who comes and goes, from now on.</summary>
    internal void Watch(TextWriter output) => System.ActorOf(Props.Create(() => new MembershipReport(output)), "akkajoin-membership");

    /// <summary>Drains what still runs, hands the key groups over, leaves the cluster, and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        var shutdown = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);

        // A node that was given up has nobody to hand over to, and whoever starts it again waits.
        await Task.WhenAny(shutdown, WasDowned ? Task.Delay(DownedTimeout) : Task.Delay(Timeout.Infinite));
        if (_administration is not null)
            await _administration.DisposeAsync();
        _host.Dispose();
        _journal.Dispose();
    }
}
