using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Telemetry;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>
/// The joins of an application, and its node. The services make it before the actor system is there; what works on the
/// node finds it when the actor system has started.
/// </summary>
sealed class EmbeddedNode : IDisposable
{
    readonly Lazy<LoadedConfig> _config;
    readonly Lazy<IReadOnlyDictionary<string, RowOutlet>> _outlets;
    readonly Lazy<IReadOnlyList<IRecordSource>> _sources;
    readonly Lazy<ServedNode?> _served;
    readonly ConcurrentBag<IDisposable> _owned = [];
    volatile CockpitNode? _node;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="services">Make decoders, row writers and sources.</param>
    /// <param name="read">Reads the configuration.</param>
    internal EmbeddedNode(IServiceProvider services, Func<IServiceProvider, LoadedConfig> read)
    {
        _config = new Lazy<LoadedConfig>(() => read(services));
        _sources = new Lazy<IReadOnlyList<IRecordSource>>(() => [.. services.GetServices<IRecordSource>()]);
        _outlets = new Lazy<IReadOnlyDictionary<string, RowOutlet>>(() => Settings.Joins.Where(join => join.Output.To == RowTarget.Source)
            .ToDictionary(join => join.Name, join => new RowOutlet(join.Name, join.Output)));
        _served = new Lazy<ServedNode?>(() =>
            new ServedNode(_node!, AccessControl.Create(Settings.Admin, Caller.Nobody, _node!.System.Log)));
    }

    /// <summary>The settings.</summary>
    /// <exception cref="Pipeline.UserException">The configuration is missing, unreadable or wrong.</exception>
    internal AkkaJoinSettings Settings => _config.Value.Settings;

    /// <summary>Where rows wait for readers, by join.</summary>
    internal IReadOnlyDictionary<string, RowOutlet> Outlets => _outlets.Value;

    /// <summary>Whether the joins were added to an actor system.</summary>
    internal bool IsAdded { get; private set; }

    /// <summary>
    /// Whether the application shows its joins. Then the user's token is there before the first question.
    /// </summary>
    internal bool IsMapped { get; set; }

    /// <summary>What is known against joins.</summary>
    internal JoinFailures Failures { get; } = new(failed: null);

    /// <summary>Why the node did not start; null = nothing is known.</summary>
    internal string? WhyNot =>
        Settings.Joins.Select(join => Failures.ReasonOf(join.Name)?.Message).FirstOrDefault(reason => reason is not null);

    /// <summary>
    /// Collects the metrics of the process for <c>/metrics</c>. What goes out by OTLP is the application's own matter.
    /// </summary>
    internal CockpitTelemetry Telemetry { get; } = CockpitTelemetry.Start(new ConfigurationBuilder().Build());

    /// <summary>The node; null = the actor system has not started, or the journal did not open.</summary>
    internal CockpitNode? Node => _node;

    /// <summary>
    /// The node and who may ask it; null = it has not started. Somebody who shows nothing is nobody, from this machine
    /// too: the application may stand behind a proxy of this machine.
    /// </summary>
    internal ServedNode? Served => _node is null ? null : _served.Value;

    /// <summary>Runs the joins in an actor system.</summary>
    internal AkkaConfigurationBuilder AddTo(AkkaConfigurationBuilder builder)
    {
        IsAdded = true;
        return AkkaJoinHosting.Add(builder, _config.Value, Failures, Started, new ApplicationParts(Outlets, _sources.Value));
    }

    /// <summary>Disposes of something when the application ends.</summary>
    internal void Own(IDisposable owned) => _owned.Add(owned);

    /// <inheritdoc/>
    public void Dispose()
    {
        Telemetry.Dispose();
        foreach (var owned in _owned)
            owned.Dispose();
    }

    void Started(ActorSystem system, EmbeddedJoins joins)
    {
        var node = new CockpitNode(system, Settings, Settings.Joins, () => joins.Running, joins.Journal) { FailureOf = Failures.ReasonOf };
        _ = system.WhenTerminated.ContinueWith(_ => node.Dispose(), TaskScheduler.Default);
        if (IsMapped)
            LocalToken.Make(LocalToken.File(), system.Log);
        _node = node;
    }
}
