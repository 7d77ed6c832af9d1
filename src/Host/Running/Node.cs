using System.Net;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Microsoft.Extensions.Hosting;

namespace AkkaJoin.Host.Running;

/// <summary>
/// One process, one node of the cluster: the journal, an actor system, and the joins of the configuration. Everything
/// that can be checked is checked before the node asks to be a member: one whose definition of a join differs does not
/// come in.
/// </summary>
sealed class Node : IAsyncDisposable
{
    static readonly TimeSpan DownedTimeout = TimeSpan.FromSeconds(3);
    readonly JoinJournal _journal;
    readonly IHost _host;
    CockpitNode? _cockpit;
    CockpitServer? _server;

    Node(JoinJournal journal, IHost host)
    {
        _journal = journal;
        _host = host;
        System = NodeSystem.Of(host);
    }

    /// <summary>The actor system.</summary>
    internal ActorSystem System { get; }

    /// <summary>The joins that run.</summary>
    internal List<RunningJoin> Joins { get; } = [];

    /// <summary>Where this node can be asked by HTTP; null = nowhere.</summary>
    internal IPEndPoint? AdminAddress => _server?.Address;

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
        var (node, tls) = await StartSystemAsync(config, journal, NodeRoles.All(joins, options));
        if (tls is null)
            HostLog.SpeaksPlain(node.System.Log);
        HostingLog.Configuration(node.System.Log, config.Warnings);
        try
        {
            var memory = new NodeMemory(config.Settings.Memory);
            _ = node.Ended.ContinueWith(_ => memory.Dispose(), TaskScheduler.Default);
            var prepared = new List<PreparedJoin>();
            foreach (var join in joins)
                prepared.Add(
                    await PreparedJoin.CreateAsync(
                        new JoinContext(node.System, config.Settings.Kafka, join, journal, options, NodeRoles.Of(join.Name), memory)));
            await ClusterBootstrap.JoinAsync(node.System, config.Settings.Cluster, journal.Lease, stopping, tls);
            for (var i = 0; i < prepared.Count; i++)
            {
                var before = options.Bounded
                    ? chain.Before(joins[i]).Select(join => node.Joins.First(other => other.Name == join.Name)).ToList()
                    : [];
                var running = before.Count > 0 ? prepared[i].StartAfter(before) : await prepared[i].StartAsync();
                ShutdownPhases.Add(node.System, running);
                node.Joins.Add(running);
            }

            node._cockpit = new CockpitNode(node.System, config.Settings, joins, () => node.Joins, journal);
            node._server = await CockpitServer.StartAsync(node._cockpit, config.Settings.Admin);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        return node;
    }

    // Where it does not start, the next try finds the journal free.
    static async Task<(Node Node, NodeTls? Tls)> StartSystemAsync(LoadedConfig config, JoinJournal journal, IEnumerable<string> roles)
    {
        try
        {
            var tls = NodeTls.Of(config.Settings.Cluster, journal);
            return (new Node(journal, await NodeSystem.StartAsync(config, journal, roles, tls)), tls);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Says who comes and goes, from now on.</summary>
    internal void Watch(TextWriter output) => System.ActorOf(Props.Create(() => new MembershipReport(output)), "akkajoin-membership");

    /// <summary>
    /// Drains what still runs, hands the key groups over, leaves the cluster, and gives everything back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var shutdown = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);

        // A node that was given up has nobody to hand over to, and whoever starts it again waits.
        await Task.WhenAny(shutdown, WasDowned ? Task.Delay(DownedTimeout) : Task.Delay(Timeout.Infinite));
        if (_server is not null)
            await _server.DisposeAsync();
        _cockpit?.Dispose();
        _host.Dispose();
        _journal.Dispose();
    }
}
