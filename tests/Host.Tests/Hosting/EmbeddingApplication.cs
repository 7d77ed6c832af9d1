using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaJoin.Pipeline.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace AkkaJoin.Host.Tests.Hosting;

/// <summary>An application with an actor system of its own, in which AkkaJoin runs.</summary>
sealed class EmbeddingApplication : IAsyncDisposable
{
    readonly ServiceProvider _provider;
    readonly ConcurrentQueue<string> _warnings = [];

    EmbeddingApplication(ServiceProvider provider)
    {
        _provider = provider;
        System = provider.GetRequiredService<ActorSystem>();
        System.EventStream.Subscribe(System.ActorOf(Props.Create(() => new Listener(_warnings))), typeof(Warning));
    }

    internal ActorSystem System { get; }

    internal AkkaCluster Cluster => AkkaCluster.Get(System);

    internal string Address => Cluster.SelfAddress.ToString();

    /// <summary>What the application was told of joins that failed.</summary>
    internal ConcurrentQueue<(string Join, Exception Reason)> Failures { get; private init; } = [];

    internal IEnumerable<string> Warnings => _warnings;

    /// <summary>Makes it; nothing runs but its actor system.</summary>
    /// <param name="configFile">The joins.</param>
    /// <param name="port">Of its remoting.</param>
    /// <param name="akka">More of its own configuration.</param>
    internal static EmbeddingApplication Create(string configFile, int port = 0, string akka = "")
    {
        var failures = new ConcurrentQueue<(string, Exception)>();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostApplicationLifetime>(new Lifetime());
        services.AddAkka("application", builder => builder
            .WithRemoting("127.0.0.1", port)
            .WithClustering(new ClusterOptions())
            .AddHocon(akka, HoconAddMode.Prepend)
            .AddHocon(ConfigurationFactory.ParseString("akka { loglevel = WARNING, stdout-loglevel = OFF }"), HoconAddMode.Append)
            .WithAkkaJoin(configFile, (join, reason) => failures.Enqueue((join, reason))));
        return new EmbeddingApplication(services.BuildServiceProvider()) { Failures = failures };
    }

    /// <summary>Starts it; it joins the node at <paramref name="seed"/>, or itself.</summary>
    internal async Task StartAsync(EmbeddingApplication? seed = null)
    {
        foreach (var service in _provider.GetServices<IHostedService>())
            await service.StartAsync(default);
        await Cluster.JoinAsync((seed ?? this).Cluster.SelfAddress);
    }

    /// <summary>Ends at once, and tells nobody: what the others see of a process that was killed.</summary>
    internal Task CrashAsync() => System.Terminate();

    /// <summary>What has an actor system that <see cref="CrashAsync"/> ends without a word.</summary>
    internal const string Crashing = "akka.coordinated-shutdown.run-by-actor-system-terminate = off";

    public async ValueTask DisposeAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        await _provider.DisposeAsync();
    }

    sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<string> warnings) =>
            Receive<Warning>(warning => warnings.Enqueue(Convert.ToString(warning.Message, CultureInfo.InvariantCulture)!));
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
