using System.Text.Json;
using AkkaJoin.Cockpit.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// The login of the page: <c>POST /login</c> with <c>{"token": ...}</c> or <c>{"code": ...}</c> gives a cookie;
/// <c>POST /logout</c> ends it. <c>POST /api/v1/page/code</c> gives whoever has a token a code that is good once, for
/// 60 s, which a browser can carry in the fragment of an address: fragments are not sent and stand in no log.
/// </summary>
static class Login
{
    const string In = "/login", Out = "/logout", Code = CockpitEndpoints.Root + "/page/code";

    internal static void Map(IEndpointRouteBuilder endpoints, CommandEndpoint commands)
    {
        endpoints.MapPost(In, For(commands, LoginAsync));
        endpoints.MapPost(Out, For(commands, LogoutAsync));
        endpoints.MapPost(Code, For(commands, async (context, access) =>
        {
            if (await commands.IdentifyAsync(context, Right.State) is not var (_, caller))
                return;
            var code = access.Sessions.MakeCode(caller);
            await Answers.ResultAsync(context, new CodeReport(code, (int)Sessions.CodeLife.TotalSeconds));
        }));
    }

    static RequestDelegate For(CommandEndpoint commands, Func<HttpContext, AccessControl, Task> handler) => async context =>
    {
        if (await commands.FindAsync(context) is var (_, access))
            await handler(context, access);
    };

    static async Task LoginAsync(HttpContext context, AccessControl access)
    {
        var shown = await ShownAsync(context);
        string? session;
        if (shown?.Token is { } token)
        {
            if (!access.TryToken(context, token, out var caller, out var refusal))
            {
                await Answers.RefuseAsync(context, refusal.Status, refusal.Message);
                return;
            }

            session = access.Sessions.Open(caller);
        }
        else
        {
            session = shown?.Code is { } code ? access.Redeem(context, code) : null;
        }

        if (session is null || access.Sessions.Find(session) is not { } known)
        {
            const string message = "the code is no longer good, or was none: ask for another with akkajoin page";
            await Answers.RefuseAsync(context, StatusCodes.Status401Unauthorized, message);
            return;
        }

        context.Response.Cookies.Append(AccessControl.Cookie, session, Options(context, In));
        await Answers.ResultAsync(context, new SessionReport(known.Name, known.Right));
    }

    static async Task LogoutAsync(HttpContext context, AccessControl access)
    {
        if (context.Request.Cookies[AccessControl.Cookie] is { } session)
            access.Sessions.Close(session);
        context.Response.Cookies.Delete(AccessControl.Cookie, Options(context, Out));
        await Answers.ResultAsync(context, new SessionReport(Caller.Nobody.Name, Right.None));
    }

    // Browsers take a secure cookie from loopback without TLS too. The rest of an application never sees it.
    static CookieOptions Options(HttpContext context, string path) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = PathPrefix.Of(context, path) is { Length: > 0 } prefix ? prefix : "/",
    };

    static async Task<Shown?> ShownAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<Shown>(context.Request.Body, CockpitJson.Options, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Shown(string? Token, string? Code);
}

/// <summary>A code for one login.</summary>
/// <param name="Code">The code.</param>
/// <param name="Seconds">How long it is good.</param>
sealed record CodeReport(string Code, int Seconds);
