using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaJoin.Cockpit.Page;

/// <summary>
/// The page at <c>/</c>, for a person with a question. Its files hold no figures and need no token; what they show they
/// ask the API for, with the rights of whoever has logged in.
/// </summary>
static class PageEndpoints
{
    /// <summary>Adds one path for each file.</summary>
    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var file in PageFile.ReadAll())
            endpoints.MapMethods(file.Path, [HttpMethods.Get, HttpMethods.Head], file.ServeAsync);
    }
}
