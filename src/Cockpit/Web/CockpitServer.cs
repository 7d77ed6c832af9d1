using System.Net;
using System.Net.Sockets;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Pipeline.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// The HTTP port of a node, by Kestrel. It takes few and small requests: more than <see cref="CockpitLimits"/> says is
/// refused, and what is slow is cut off, so that whoever asks cannot slow the join.
/// </summary>
sealed class CockpitServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly CockpitLimits _limits;

    CockpitServer(WebApplication app, CockpitLimits limits, IPEndPoint? address, IPEndPoint? health)
    {
        _app = app;
        _limits = limits;
        Address = address;
        HealthAddress = health;
    }

    /// <summary>Where it listens; null = nowhere but for health.</summary>
    internal IPEndPoint? Address { get; }

    /// <summary>Where it answers for health alone; null = nowhere.</summary>
    internal IPEndPoint? HealthAddress { get; }

    /// <summary>Listens; null where there is no port, or it is taken, which is said and stops nothing.</summary>
    /// <param name="node">What the commands work on.</param>
    /// <param name="settings">Where to listen, and who may ask.</param>
    /// <param name="limits">What is taken at most; null = the usual.</param>
    /// <exception cref="Pipeline.UserException">
    /// A token or a certificate cannot be read; the exit code is 78.
    /// </exception>
    internal static async Task<CockpitServer?> StartAsync(CockpitNode node, AdminSettings settings, CockpitLimits? limits = null)
    {
        if (settings.Port is null && settings.HealthPort is null)
            return null;
        limits ??= CockpitLimits.Standard;
        var access = AccessControl.Create(settings, settings.IsLoopback ? Caller.Loopback : Caller.Nobody, node.System.Log);
        var app = CockpitApplication.Build(node, settings, access, limits);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            CockpitLog.NoPort(node.System.Log, Ports(settings), e.GetBaseException().Message);
            return null;
        }

        var addresses = AddressesOf(app);
        return new CockpitServer(
            app,
            limits,
            settings.Port is null ? null : addresses[0],
            settings.HealthPort is null ? null : addresses[^1]);
    }

    /// <summary>Closes the port. A request under way holds it up no longer than the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_limits.StopTimeout);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    static string Ports(AdminSettings settings) => string.Join(
        " or ",
        new[] { ("akkajoin.admin.port", settings.Port), ("akkajoin.admin.health-port", settings.HealthPort) }
            .Where(port => port.Item2 is not null)
            .Select(port => $"{port.Item1} = {port.Item2}"));

    // In the order in which they were added.
    static List<IPEndPoint> AddressesOf(WebApplication app) =>
    [
        .. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
            .Select(text => new Uri(text))
            .Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host.Trim('[', ']')), uri.Port)),
    ];
}
