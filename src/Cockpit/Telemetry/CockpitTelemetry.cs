using System.Reflection;
using Akka.Actor;
using Akka.Actor.Setup;
using AkkaJoin.Shards.Metering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AkkaJoin.Cockpit.Telemetry;

/// <summary>
/// What a node tells those who watch it by machine: metrics at <c>/metrics</c>, for Prometheus, and metrics, log
/// entries and spans by OTLP, where the standard variables (<c>OTEL_*</c>) name an endpoint. One for each process:
/// the meters are the process's.
/// </summary>
sealed class CockpitTelemetry : IDisposable
{
    /// <summary>The path of the metrics.</summary>
    internal const string MetricsPath = "/metrics";

    const string Disabled = "OTEL_SDK_DISABLED is on: no metrics are collected\n";

    // Of the runtime itself: memory, garbage collection, threads, processor time.
    const string RuntimeMeter = "System.Runtime";
    readonly IConfiguration _environment;
    readonly MeterProvider? _metrics;
    readonly TracerProvider? _traces;

    CockpitTelemetry(IConfiguration environment)
    {
        _environment = environment;
        Signals = OtlpSignals.Of(environment);
        if (Signals.IsDisabled)
            return;
        _metrics = Meters();
        if (Signals.Traces)
            _traces = Tracer();
    }

    /// <summary>What goes out by OTLP.</summary>
    internal OtlpSignals Signals { get; }

    /// <summary>Collects from now on, and exports by OTLP what the process's variables say.</summary>
    internal static CockpitTelemetry Start() => Start(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    /// <summary>Collects from now on.</summary>
    /// <param name="environment">The variables.</param>
    internal static CockpitTelemetry Start(IConfiguration environment) => new(environment);

    /// <summary>That of an actor system; null = it has none.</summary>
    internal static CockpitTelemetry? Of(ActorSystem system) =>
        system.Settings.Setup.Get<TelemetrySetup>() is { HasValue: true, Value: var setup } ? setup.Telemetry : null;

    /// <summary>
    /// Serves the metrics at <see cref="MetricsPath"/>, to whoever asks: rights are the caller's matter.
    /// </summary>
    /// <returns>The endpoint, to ask for a right.</returns>
    internal IEndpointConventionBuilder MapMetrics(IEndpointRouteBuilder endpoints) => _metrics is null
        ? endpoints.MapGet(MetricsPath, () => Results.Text(Disabled, statusCode: StatusCodes.Status404NotFound))
        : endpoints.MapPrometheusScrapingEndpoint(MetricsPath, _metrics, configureBranchedPipeline: null, optionsName: null);

    /// <summary>Exports log entries by OTLP too, where the variables say so.</summary>
    internal void AddLogs(ILoggingBuilder logging)
    {
        if (!Signals.Logs)
            return;
        logging.Services.AddSingleton(_environment);
        logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Resource());
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter();
        });
    }

    /// <summary>Exports what is left, for a few seconds at most.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and so win.
    static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("akkajoin", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    MeterProvider Meters()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(_environment))
            .SetResourceBuilder(Resource())
            .AddMeter(ShardsMetrics.MeterName, RuntimeMeter)
            .AddView(HistogramBuckets.Of)
            .AddPrometheusExporter(options => options.ScopeInfoEnabled = false);
        return (Signals.Metrics ? builder.AddOtlpExporter() : builder).Build();
    }

    TracerProvider Tracer() => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(_environment))
        .SetResourceBuilder(Resource())
        .AddSource(ShardsTraces.SourceName)
        .AddOtlpExporter()
        .Build();
}

/// <summary>Lets whoever has the actor system find its telemetry.</summary>
sealed class TelemetrySetup(CockpitTelemetry telemetry) : Setup
{
    /// <summary>The telemetry.</summary>
    internal CockpitTelemetry Telemetry => telemetry;
}
