using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>A collector that takes what comes by OTLP over HTTP, and keeps the bytes.</summary>
sealed class OtlpCollector : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _received = [];
    readonly WebApplication _server;

    OtlpCollector(WebApplication server) => _server = server;

    /// <summary>Where it listens.</summary>
    internal string Endpoint => _server.Urls.First();

    internal static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var collector = new OtlpCollector(server);
        server.MapPost("/{**path}", collector.TakeAsync);
        await server.StartAsync();
        return collector;
    }

    /// <summary>What came to a path, as text: names stand in protobuf as they are.</summary>
    internal string Received(string path) => string.Concat(_received.GetValueOrDefault(path, []));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    // An empty body is protobuf too: all was taken.
    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.GetOrAdd(context.Request.Path.ToString(), _ => []).Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
