using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting;
using AkkaJoin.Cockpit.Logs;
using AkkaJoin.Cockpit.Telemetry;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Host.Running;

/// <summary>The actor system of a node, made by Akka.Hosting.</summary>
static class NodeSystem
{
    internal const string Name = "akkajoin";

    /// <summary>Starts the actor system, which is in no cluster yet.</summary>
    /// <exception cref="UserException">The configuration does not let it.</exception>
    internal static async Task<IHost> StartAsync(LoadedConfig config, JoinJournal journal, IEnumerable<string> roles, NodeTls? tls)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var telemetry = CockpitTelemetry.Start();
        builder.Services.AddSingleton(_ => telemetry); // the host disposes what it has made
        var log = new NodeLog(NodeConfig.LogOf(config), Console.Error);
        builder.Logging.SetMinimumLevel(LogLevel.Trace)
            .AddFilter((category, level) => log.Levels.IsOn(category ?? "", level))
            .AddProvider(log);
        telemetry.AddLogs(builder.Logging);
        builder.Services.AddAkka(Name, (akka, services) =>
        {
            akka.AddSetup(new TelemetrySetup(services.GetRequiredService<CockpitTelemetry>()));
            akka.AddSetup(new NodeLogSetup(log, services.GetRequiredService<ILoggerFactory>()));
            akka.AddHocon(NodeConfig.Create(config, journal, roles), HoconAddMode.Prepend);
            akka.AddSetup(journal.Setup());
            akka.WithAkkaJoinGuard();
            if (tls is not null)
                akka.AddSetup(new NodeTlsSetup(tls));
        });
        var host = builder.Build();
        try
        {
            Create(host, config.Settings.Cluster);
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    // Here, and not by the host, which would print a defect's trace for a key that is spelled wrong or a port that is
    // taken.
    static void Create(IHost host, ClusterSettings cluster)
    {
        try
        {
            Of(host);
        }
        catch (Exception e) when (SocketErrorOf(e) is { } cause)
        {
            throw new UserException(CannotListen(cluster, cause), ExitCodes.Failed, e);
        }
        catch (Exception e)
        {
            var cause = e.GetBaseException();
            throw new UserException(
                $"the actor system cannot be started: {cause.Message}. Look at akkajoin.cluster and at what the "
                + "configuration says under akka",
                cause is ConfigurationException ? ExitCodes.Config : ExitCodes.Failed,
                e);
        }
    }

    // The transport's exception may hold several, of which the socket's is not the innermost.
    static SocketException? SocketErrorOf(Exception? e) => e switch
    {
        null => null,
        SocketException found => found,
        AggregateException several => several.InnerExceptions.Select(SocketErrorOf).FirstOrDefault(found => found is not null),
        _ => SocketErrorOf(e.InnerException),
    };

    static string CannotListen(ClusterSettings cluster, SocketException cause)
    {
        var host = cluster.BindHostname ?? cluster.Hostname;
        return cause.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => string.Create(
                CultureInfo.InvariantCulture,
                $"another process listens on port {cluster.Port} of {host}. Stop it, or set another akkajoin.cluster.port "
                + $"(AKKAJOIN_PORT); 0 takes any that is free"),
            SocketError.AccessDenied => string.Create(
                CultureInfo.InvariantCulture,
                $"this user may not listen on port {cluster.Port} of {host}. Set another akkajoin.cluster.port (AKKAJOIN_PORT); "
                + $"0 takes any that is free"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"this node cannot listen on {host}, port {cluster.Port}: {cause.Message}. Correct akkajoin.cluster.hostname, "
                + $"bind-hostname or port "
                + $"(AKKAJOIN_HOSTNAME, AKKAJOIN_BIND_HOSTNAME, AKKAJOIN_PORT)"),
        };
    }

    /// <summary>The actor system of a host.</summary>
    internal static ActorSystem Of(IHost host) => host.Services.GetRequiredService<ActorSystem>();
}
