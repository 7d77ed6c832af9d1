using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// The mark of connections that came over the second port, <c>akkajoin.admin.health-port</c>. It is open to the network
/// without TLS, so it answers two paths alone. The mark is the listener's: a port number would not do, since 0 takes
/// any.
/// </summary>
sealed class HealthListener
{
    static readonly HealthListener Instance = new();

    /// <summary>Marks the connections of a listener.</summary>
    internal static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(Instance);
        return next(connection);
    });

    /// <summary>
    /// Whether a request came over that port. Whoever asks there names the node as he likes: a kubelet by its address.
    /// </summary>
    internal static bool Has(HttpContext context) => context.Features.Get<HealthListener>() is not null;

    /// <summary>Refuses what the port does not answer.</summary>
    internal static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        const string refusal = "this port answers /health/live and /health/ready alone";
        return Has(context) && !HealthEndpoints.IsBare(context.Request.Path)
            ? Answers.RefuseAsync(context, StatusCodes.Status404NotFound, refusal)
            : next(context);
    }
}
