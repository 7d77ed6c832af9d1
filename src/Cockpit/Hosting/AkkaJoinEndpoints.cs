using System.Diagnostics.CodeAnalysis;
using AkkaJoin.Cockpit.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>Adds the page and the API of joins to an application's own server.</summary>
public static class AkkaJoinEndpoints
{
    /// <summary>
    /// Serves below <paramref name="pattern"/> what <c>akkajoin run</c> serves on a port of its own: the page, the API
    /// (<c>api/v1/...</c>), <c>health</c>, <c>health/live</c>, <c>health/ready</c> and <c>metrics</c>.
    /// <para>
    /// Who may ask: whoever shows a token of <c>akkajoin.admin.tokens</c>, or the token that the node makes for its
    /// user.
    /// Health alone needs none. What the application asks for comes first: <c>RequireAuthorization</c> works on the
    /// result. A user that it lets in may see figures without a token; the claim <c>akkajoin-right</c> gives a user
    /// <c>state</c> (figures), <c>data</c> (keys, values and explanations too) or <c>act</c> (all).
    /// </para>
    /// </summary>
    /// <param name="endpoints">The application's paths.</param>
    /// <param name="pattern">The path below which they are; it has no parameters.</param>
    /// <returns>All of the paths, to ask for more of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddAkkaJoin</c> was not called.</exception>
    public static IEndpointConventionBuilder MapAkkaJoin(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/akkajoin")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var node = endpoints.ServiceProvider.GetService<EmbeddedNode>()
            ?? throw new InvalidOperationException("services.AddAkkaJoin(...) was not called: MapAkkaJoin shows its joins");
        var group = endpoints.MapGroup(pattern);
        var requests = new EmbeddedRequests(() => node.Served, CockpitLimits.Standard);
        node.Own(requests);
        node.IsMapped = true;
        ((IEndpointConventionBuilder)group).Finally(requests.Guard);
        CockpitEndpoints.Map(group, () => node.Served, node.Telemetry);
        return group;
    }
}
