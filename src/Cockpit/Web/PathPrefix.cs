using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// Below which path of its server the cockpit is: "" on a port of its own, such as <c>/ops/join</c> in an application.
/// </summary>
static class PathPrefix
{
    /// <summary>The prefix, as a browser sees it.</summary>
    /// <param name="context">A request.</param>
    /// <param name="path">The path of the request below the prefix.</param>
    internal static string Of(HttpContext context, string path)
    {
        var whole = (context.Request.PathBase + context.Request.Path).ToString().TrimEnd('/');
        return whole.EndsWith(path, StringComparison.OrdinalIgnoreCase) ? whole[..^path.Length] : "";
    }
}
