using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaJoin.Host.Running;

/// <summary>The actor system of a node, made by Akka.Hosting.</summary>
static class NodeSystem
{
    internal const string Name = "akkajoin";

    /// <summary>Starts the actor system, which is in no cluster yet.</summary>
    /// <exception cref="UserException">The configuration does not let it.</exception>
    internal static async Task<IHost> StartAsync(LoadedConfig config, JoinJournal journal, IEnumerable<string> roles)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddAkka(Name, akka =>
        {
            akka.AddHocon(NodeConfig.Create(config, journal, roles), HoconAddMode.Prepend);
            akka.AddSetup(journal.Setup());
            if (config.Settings.Cluster.Tls is { } tls)
                akka.AddSetup(NodeTls.Setup(tls));
        });
        var host = builder.Build();
        Create(host);
        await host.StartAsync();
        return host;
    }

    // Here, and not by the host, which would print a defect's trace for a key that is spelled wrong or a port that is taken.
    static void Create(IHost host)
    {
        try
        {
            Of(host);
        }
        catch (Exception e)
        {
            var cause = e.GetBaseException();
            throw new UserException(
                $"the actor system cannot be started: {cause.Message}. Look at akkajoin.cluster and at what the configuration says under akka",
                cause is ConfigurationException ? ExitCodes.Config : ExitCodes.Failed,
                e);
        }
    }

    /// <summary>The actor system of a host.</summary>
    internal static ActorSystem Of(IHost host) => host.Services.GetRequiredService<ActorSystem>();
}
