using System.Threading.RateLimiting;
using AkkaJoin.Cockpit.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>
/// Does for the paths in an application's server what the pipeline of the own port does for its: the headers, the check
/// of the origin, the limits, and what happens to an error. The application's other paths see none of it.
/// </summary>
/// <param name="served">The node; null = it has not started.</param>
/// <param name="limits">What is taken at most.</param>
sealed class EmbeddedRequests(Func<ServedNode?> served, CockpitLimits limits) : IDisposable
{
    // Which names the server has is the application's matter (AllowedHosts). A name bound to its address by somebody
    // else gains nothing: without a token or a user nobody may see anything.
    readonly RequestGuard _guard = new(hosts: null);
    readonly ConcurrencyLimiter _limiter =
        new(new ConcurrencyLimiterOptions { PermitLimit = limits.RequestsMax, QueueLimit = limits.WaitingMax });

    /// <summary>Puts all of it around a path.</summary>
    internal void Guard(EndpointBuilder endpoint)
    {
        var serve = endpoint.RequestDelegate!;
        var isHealth = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.Contains("/health", StringComparison.Ordinal) == true;
        RequestDelegate limited = isHealth ? serve : context => LimitAsync(context, serve);
        RequestDelegate timed = context => TimeAsync(context, limited);
        RequestDelegate safe = context => SafeRequests.InvokeAsync(context, () => served()?.Node.System.Log, timed);
        endpoint.RequestDelegate = context => _guard.InvokeAsync(context, safe);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    async Task LimitAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = limits.BodyBytesMax;
        using var lease = await _limiter.AcquireAsync(1, context.RequestAborted);
        if (lease.IsAcquired)
            await next(context);
        else
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "too many requests at once: ask again");
    }

    // By the same declaration as on the own port. The application need not have the middleware for it.
    static async Task TimeAsync(HttpContext context, RequestDelegate next)
    {
        var declared = context.GetEndpoint()?.Metadata.GetMetadata<RequestTimeoutAttribute>()?.Timeout;
        var aborted = context.RequestAborted;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(declared ?? CockpitEndpoints.Timeout);
        context.RequestAborted = limit.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }
}
