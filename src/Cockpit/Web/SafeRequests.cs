using Akka.Event;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Web;

/// <summary>What nobody foresaw is one line in the log, and no trace for whoever asked.</summary>
static class SafeRequests
{
    /// <summary>Serves a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="log">The node's log; null = it has not started.</param>
    /// <param name="next">Serves it.</param>
    internal static async Task InvokeAsync(HttpContext context, Func<ILoggingAdapter?> log, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e)
        {
            if (!context.Response.HasStarted)
                await Answers.RefuseAsync(context, e.StatusCode, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        catch (Exception e)
        {
            if (log() is { } found)
                CockpitLog.Failed(found, context.Request.Path, e);
            if (!context.Response.HasStarted)
                await Answers.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"it failed: {e.Message}");
        }
    }
}
