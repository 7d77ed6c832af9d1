using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// What is checked of every request before it is routed, and the headers that every answer has. No other site can use
/// the browser of somebody who may ask here: a request that names another host than this one is refused (a name that
/// was bound to this address later), so is one that another origin sends, and nothing allows other origins to read.
/// </summary>
/// <param name="hosts">The names by which the port is reached; null = any, since TLS checks the name.</param>
sealed class RequestGuard(IReadOnlyCollection<string>? hosts)
{
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Checks a request.</summary>
    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (!HealthListener.Has(context) && !IsOurs(context.Request.Host.Host))
            await Answers.RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, $"ask for one of {string.Join(", ", hosts!)}");
        else if (IsOfAnotherOrigin(context.Request))
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, "another site may not ask this node");
        else
            await next(context);
    }

    bool IsOurs(string host) => hosts is null || hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    static bool IsOfAnotherOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        string? site = request.Headers["Sec-Fetch-Site"];

        // A browser sends no origin when a page is opened; a link from elsewhere may open the page, but not the API.
        if (origin is not null && origin != $"{request.Scheme}://{request.Host}")
            return true;
        var fromElsewhere = site is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Mode"] != "navigate";
        return fromElsewhere || (origin is null && HttpMethods.IsPost(request.Method) && request.Cookies.Count > 0);
    }
}
