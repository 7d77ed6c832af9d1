using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting;
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
        await host.StartAsync();
        return host;
    }

    /// <summary>The actor system of a host.</summary>
    internal static ActorSystem Of(IHost host) => host.Services.GetRequiredService<ActorSystem>();
}
