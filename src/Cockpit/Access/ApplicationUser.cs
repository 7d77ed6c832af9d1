using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// A user whom the application around the cockpit knows. The claim <c>akkajoin-right</c> (<c>state</c>, <c>data</c> or
/// <c>act</c>) says what the user may ask for. Without the claim the user may see figures where the application asks
/// for
/// authorization on the paths, since it has let the user in.
/// </summary>
static class ApplicationUser
{
    /// <summary>The type of the claim.</summary>
    internal const string Claim = "akkajoin-right";

    /// <summary>The user as a caller; null = there is none, or nothing says what the user may.</summary>
    internal static Caller? Of(HttpContext context)
    {
        var user = context.User;
        if (user.Identity?.IsAuthenticated != true)
            return null;
        var claimed = user.FindAll(Claim).Select(claim => RightOf(claim.Value)).DefaultIfEmpty(Right.None).Max();
        var right = claimed == Right.None && IsLetIn(context.GetEndpoint()?.Metadata) ? Right.State : claimed;
        return right == Right.None ? null : new Caller(user.Identity.Name ?? "a user of the application", right);
    }

    static bool IsLetIn(EndpointMetadataCollection? metadata) =>
        metadata?.GetMetadata<IAuthorizeData>() is not null && metadata.GetMetadata<IAllowAnonymous>() is null;

    static Right RightOf(string word) => word switch
    {
        "state" => Right.State,
        "data" => Right.Data,
        "act" => Right.Act,
        _ => Right.None,
    };
}
