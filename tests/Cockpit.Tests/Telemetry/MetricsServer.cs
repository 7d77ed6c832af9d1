using AkkaJoin.Cockpit.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>A real server that serves nothing but metrics.</summary>
sealed class MetricsServer : IAsyncDisposable
{
    readonly CockpitTelemetry _telemetry;
    readonly WebApplication _server;
    readonly HttpClient _client = new();

    MetricsServer(CockpitTelemetry telemetry, WebApplication server)
    {
        _telemetry = telemetry;
        _server = server;
    }

    /// <summary>The metrics as Prometheus gets them.</summary>
    internal async Task<string> ScrapeAsync() => await _client.GetStringAsync(Address);

    internal async Task<HttpResponseMessage> GetAsync() => await _client.GetAsync(Address);

    Uri Address => new(new Uri(_server.Urls.First()), CockpitTelemetry.MetricsPath);

    internal static async Task<MetricsServer> StartAsync(params (string Name, string Value)[] environment)
    {
        var variables = new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(variable => new KeyValuePair<string, string?>(variable.Name, variable.Value)))
            .Build();
        var telemetry = CockpitTelemetry.Start(variables);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        telemetry.MapMetrics(server);
        await server.StartAsync();
        return new MetricsServer(telemetry, server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _telemetry.Dispose();
    }
}
