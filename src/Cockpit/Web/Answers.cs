using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Web;

/// <summary>How the API writes answers and refusals.</summary>
static class Answers
{
    /// <summary>The name of the text in a refusal.</summary>
    internal const string Error = "error";

    /// <summary>Writes a result as JSON.</summary>
    internal static Task ResultAsync(HttpContext context, object result)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, result, result.GetType(), CockpitJson.Options, context.RequestAborted);
    }

    /// <summary>Writes <c>{"error": TEXT}</c>.</summary>
    internal static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return ResultAsync(context, new Dictionary<string, string> { [Error] = message });
    }
}
