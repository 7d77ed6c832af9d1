using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaJoin.Cockpit.Health;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>Adds joins, what is known of them and their health checks to an application.</summary>
public static class AkkaJoinServices
{
    const string OwnSystem = "akkajoin";

    /// <summary>
    /// Runs the joins of a configuration file in the application, with <see cref="IAkkaJoin"/> to see them and .NET's
    /// health checks: "akkajoin actor system" with the tags <c>live</c> and <c>akkajoin-live</c>, the others with the
    /// tags <c>ready</c> and <c>akkajoin-ready</c>. Decoders and row writers get from the application's services what
    /// their constructors take.
    /// <para>
    /// An application that has not called <c>AddAkka</c> gets an actor system of its own for them, a cluster of one
    /// node
    /// that is reached from this machine alone. One that has calls <see cref="WithAkkaJoin"/> in it, last; then the
    /// joins run there, on as many nodes as its cluster has.
    /// </para>
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configFile">
    /// The configuration file, as <c>akkajoin run -c</c> takes it; read when the application starts, which fails with a
    /// <see cref="UserException"/> where the file is missing, unreadable or wrong.
    /// </param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAkkaJoin(this IServiceCollection services, string configFile)
    {
        ArgumentNullException.ThrowIfNull(configFile);
        return Add(services, provider => ConfigReader.ReadFile(configFile, services: provider));
    }

    /// <summary>
    /// Runs joins as the other overload does, configured by the section <c>akkajoin</c> of the application's own
    /// configuration. The keys are those of the configuration file, such as <c>akkajoin:joins:NAME:left:topic</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">What holds the section; read when the application starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAkkaJoin(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, provider => ConfigReader.ReadSection(configuration, services: provider));
    }

    /// <summary>
    /// Runs the joins of <c>AddAkkaJoin</c> in the application's own actor system. It comes last in <c>AddAkka</c>,
    /// after remoting, clustering and the application's roles:
    /// <code>
    /// services.AddAkka("shop", (akka, provider) => akka
    ///     .WithRemoting(...).WithClustering(...).WithAkkaJoinGuard().WithAkkaJoin(provider))
    /// </code>
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="services">The application's services.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="UserException">The configuration is missing, unreadable or wrong.</exception>
    /// <exception cref="InvalidOperationException"><c>AddAkkaJoin</c> was not called.</exception>
    public static AkkaConfigurationBuilder WithAkkaJoin(this AkkaConfigurationBuilder builder, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var node = services.GetService<EmbeddedNode>()
            ?? throw new InvalidOperationException("services.AddAkkaJoin(...) was not called: it says which joins run");
        return node.AddTo(builder);
    }

    static IServiceCollection Add(IServiceCollection services, Func<IServiceProvider, LoadedConfig> read)
    {
        if (services.Any(service => service.ServiceType == typeof(EmbeddedNode)))
            throw new InvalidOperationException("AddAkkaJoin was called already: all joins of an application are in one configuration");
        services.AddSingleton(provider => new EmbeddedNode(provider, read));
        services.AddSingleton<IAkkaJoin>(provider => new EmbeddedFigures(provider.GetRequiredService<EmbeddedNode>()));
        NodeHealth.Add(
            services.AddHealthChecks(),
            provider => provider.GetRequiredService<EmbeddedNode>().Node,
            NodeHealth.EmbeddedPrefix,
            provider => provider.GetRequiredService<EmbeddedNode>().WhyNot);
        if (!services.Any(service => service.ServiceType == typeof(AkkaConfigurationBuilder)))
            services.AddAkka(OwnSystem, AddOwn);
        return services.AddHostedService<EmbeddedNodeCheck>();
    }

    static void AddOwn(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        if (services.GetService<ILoggerFactory>() is not null)
        {
            akka.ConfigureLoggers(log =>
            {
                log.ClearLoggers();
                log.AddLoggerFactory();
            });
        }

        akka.WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions())
            .WithAkkaJoinGuard()
            .WithAkkaJoin(services)
            .AddStartup((system, _) => Cluster.Get(system).Join(Cluster.Get(system).SelfAddress));
    }
}
