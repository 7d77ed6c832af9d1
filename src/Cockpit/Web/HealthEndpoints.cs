using AkkaJoin.Cockpit.Health;
using AkkaJoin.Cockpit.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c> give anybody a word and a status: 200 Healthy, 503 Unhealthy.
/// <c>/health</c> gives those who may see figures each check and what it says.
/// </summary>
static class HealthEndpoints
{
    const string Live = "/health/live", Ready = "/health/ready";

    internal static void Map(IEndpointRouteBuilder endpoints, CommandEndpoint commands)
    {
        endpoints.MapHealthChecks(Live, new HealthCheckOptions { Predicate = check => check.Tags.Contains(NodeHealth.Live) });
        endpoints.MapHealthChecks(Ready, new HealthCheckOptions { Predicate = check => check.Tags.Contains(NodeHealth.Ready) });
        endpoints.MapGet("/health", CockpitEndpoints.Behind(commands, Right.State, async (context, _, _) =>
        {
            var service = context.RequestServices.GetRequiredService<HealthCheckService>();
            var report = await service.CheckHealthAsync(IsOurs, context.RequestAborted);
            if (report.Status == HealthStatus.Unhealthy)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await Answers.ResultAsync(context, Of(report));
        }));
    }

    /// <summary>Whether a path needs no token.</summary>
    internal static bool IsBare(PathString path) => path == Live || path == Ready;

    static bool IsOurs(HealthCheckRegistration check) => check.Tags.Contains(NodeHealth.Live) || check.Tags.Contains(NodeHealth.Ready);

    static NodeHealthReport Of(HealthReport report) => new(
        report.Status != HealthStatus.Unhealthy,
        [
            .. report.Entries.Select(entry => new HealthCheckReport(
                NodeHealth.NameOf(entry.Key),
                entry.Value.Status != HealthStatus.Unhealthy,
                entry.Value.Description ?? entry.Value.Exception?.Message ?? "")),
        ]);
}
