using System.Net;
using Akka.Actor;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Administration;

/// <summary>What a node can be asked, and where.</summary>
sealed class NodeAdministration : IAsyncDisposable
{
    readonly NodeQueries _queries;
    readonly AdminPort? _port;

    NodeAdministration(NodeQueries queries, AdminPort? port)
    {
        _queries = queries;
        _port = port;
    }

    /// <summary>Where it listens; null = nowhere.</summary>
    internal IPEndPoint? Address => _port?.Address;

    /// <summary>Starts to listen; the joins run.</summary>
    internal static NodeAdministration Start(ActorSystem system, AkkaJoinSettings settings, IEnumerable<JoinSettings> joins, IReadOnlyList<JoinEngine> engines)
    {
        var queries = new NodeQueries(system, settings.Kafka, joins, engines);
        return new NodeAdministration(queries, AdminPort.Start(settings.Cluster.AdminPort, queries.Table, system.Log));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_port is not null)
            await _port.DisposeAsync();
        _queries.Dispose();
    }
}
