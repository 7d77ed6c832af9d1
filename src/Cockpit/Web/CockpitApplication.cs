using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Health;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Telemetry;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaJoin.Cockpit.Web;

/// <summary>Puts the server together: addresses, limits, what is checked of every request, and the paths.</summary>
static class CockpitApplication
{
    internal static WebApplication Build(CockpitNode node, AdminSettings settings, AccessControl access, CockpitLimits limits)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, limits);
            kestrel.AddServerHeader = false;
            if (settings.Port is { } port)
                kestrel.Listen(AddressOf(settings.Host), port, listen => Secure(listen, settings.Tls));
            if (settings.HealthPort is { } health)
                kestrel.Listen(IPAddress.Any, health, HealthListener.Mark);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new() { Timeout = CockpitEndpoints.Timeout });
        builder.Services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = LimiterOf(limits);
            options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
        });
        NodeHealth.Add(builder.Services.AddHealthChecks(), _ => node);

        var app = builder.Build();
        app.Use(next => context => SafeRequests.InvokeAsync(context, () => node.System.Log, next));
        app.Use(next => context => HealthListener.InvokeAsync(context, next));
        var guard = new RequestGuard(settings.IsLoopback ? ["localhost", "127.0.0.1", "[::1]", settings.Host] : null);
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
        var served = new ServedNode(node, access);
        CockpitEndpoints.Map(app, () => served, CockpitTelemetry.Of(node.System));
        app.MapFallback(context => Answers.RefuseAsync(context, StatusCodes.Status404NotFound, "there is nothing here"));
        return app;
    }

    static void Limit(KestrelServerLimits kestrel, CockpitLimits limits)
    {
        kestrel.MaxConcurrentConnections = limits.ConnectionsMax;
        kestrel.MaxRequestBodySize = limits.BodyBytesMax;
        kestrel.MaxRequestHeadersTotalSize = limits.HeaderBytesMax;
        kestrel.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.KeepAliveTimeout = limits.IdleTimeout;
        kestrel.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: limits.HeadersTimeout);
    }

    static PartitionedRateLimiter<HttpContext> LimiterOf(CockpitLimits limits) =>
        PartitionedRateLimiter.Create<HttpContext, bool>(context =>
            context.Request.Path.StartsWithSegments("/health")
                ? RateLimitPartition.GetNoLimiter(true)
                : RateLimitPartition.GetConcurrencyLimiter(false, _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = limits.RequestsMax,
                    QueueLimit = limits.WaitingMax,
                }));

    static IPAddress AddressOf(string host)
    {
        if (host == "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(host, out var address))
            return address;
        try
        {
            return Dns.GetHostAddresses(host).First();
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new UserException($"akkajoin.admin.host = {host} has no address: {e.Message}", ConfigException.Code);
        }
    }

    static void Secure(ListenOptions listen, AdminTlsSettings? tls)
    {
        if (tls is null)
        {
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(tls.CertificateFile);
            var authorities = new X509Certificate2Collection();
            if (tls.ClientAuthorityFile is { } file)
                authorities.ImportFromPemFile(file);
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile),
                ServerCertificateChain = chain,
                SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateMode = authorities.Count > 0
                    ? ClientCertificateMode.AllowCertificate
                    : ClientCertificateMode.NoCertificate,
                ClientCertificateValidation = (certificate, _, _) => IsOf(certificate, authorities),
            });
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new UserException($"the certificates of akkajoin.admin.tls cannot be read: {e.Message}", ConfigException.Code);
        }
    }

    static bool IsOf(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2")); // client authentication
        return chain.Build(certificate);
    }
}
