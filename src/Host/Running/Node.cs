using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Host.Running;

/// <summary>One process: the journal, an actor system that is a cluster of one, and the joins of the configuration.</summary>
sealed class Node : IAsyncDisposable
{
    static readonly TimeSpan TerminateTimeout = TimeSpan.FromSeconds(10);
    readonly JoinJournal _journal;
    readonly ActorSystem _system;

    Node(JoinJournal journal, ActorSystem system)
    {
        _journal = journal;
        _system = system;
    }

    /// <summary>The joins that run.</summary>
    internal List<JoinEngine> Joins { get; } = [];

    /// <summary>Starts the joins, or the named one alone.</summary>
    /// <exception cref="UserException">Something is not as needed; the message says what to do.</exception>
    internal static async Task<Node> StartAsync(LoadedConfig config, EngineOptions options, string? only = null)
    {
        var journal = await Task.Run(() => Open(config.Settings.Journal)); // may wait for its server
        var setup = BootstrapSetup.Create().WithConfig(NodeConfig.Create(config.Akka, journal));
        var system = ActorSystem.Create("akkajoin", ActorSystemSetup.Create(setup, journal.Setup()));
        var node = new Node(journal, system);
        try
        {
            var cluster = Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
            foreach (var join in config.Settings.Joins.Where(j => only is null || j.Name == only))
            {
                node.Joins.Add(await JoinEngine.StartAsync(system, config.Settings.Kafka, join, journal, options));
            }
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        return node;
    }

    /// <summary>Drains what still runs, and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Joins.Select(j => j.DrainAsync()));
        await Task.WhenAny(_system.Terminate(), Task.Delay(TerminateTimeout));
        _journal.Dispose();
    }

    static JoinJournal Open(JournalSettings settings)
    {
        try
        {
            return JournalOpener.Open(settings);
        }
        catch (JournalException e)
        {
            throw new UserException(e.Message, ExitCodes.Failed, e);
        }
    }
}
