using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using AkkaJoin.Pipeline.Settings;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// Says who sends a request: by a token (<c>Authorization: Bearer ...</c>), by the session of the page, or by a client
/// certificate. A request that shows something wrong is refused; it does not fall back to what nobody needs a token
/// for.
/// </summary>
/// <param name="tokens">The tokens.</param>
/// <param name="sessions">Who has logged in.</param>
/// <param name="failures">Limits wrong tokens.</param>
/// <param name="clients">The rights of client certificates, which the connection has checked already.</param>
/// <param name="unknown">Who somebody is that shows nothing.</param>
/// <param name="log">The node's log.</param>
sealed class AccessControl(
    TokenTable tokens, Sessions sessions, FailureLimit failures, IReadOnlyList<AdminGrant> clients, Caller unknown, ILoggingAdapter log)
{
    /// <summary>The page's cookie.</summary>
    internal const string Cookie = "akkajoin-session";

    const string Scheme = "Bearer ";

    /// <summary>That of a node; it makes the token "local" where there is none.</summary>
    /// <param name="settings">The tokens and certificates.</param>
    /// <param name="unknown">Who somebody is that shows nothing.</param>
    /// <param name="log">The node's log.</param>
    /// <exception cref="Pipeline.UserException">A token cannot be read.</exception>
    internal static AccessControl Create(AdminSettings settings, Caller unknown, ILoggingAdapter log)
    {
        var tokens = settings.Tokens.ToList();
        if (LocalToken.Make(LocalToken.File(), log) is { } local)
            tokens.Insert(0, local);
        return new AccessControl(
            new TokenTable(tokens, TimeProvider.System, log),
            new Sessions(TimeProvider.System),
            new FailureLimit(TimeProvider.System),
            settings.Clients,
            unknown,
            log);
    }

    /// <summary>Who has logged in on the page.</summary>
    internal Sessions Sessions => sessions;

    /// <summary>Says who sends a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="refusal">Why it is refused.</param>
    internal bool TryIdentify(
        HttpContext context, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out AccessRefusal? refusal)
    {
        refusal = null;
        caller = unknown;
        string? header = context.Request.Headers.Authorization;
        if (ApplicationUser.Of(context) is { } user)
        {
            // The header may be the application's own. A token of this node counts for more.
            caller = (header is null ? null : tokens.Find(TokenIn(header))) ?? OfSession(context) ?? user;
            return true;
        }

        if (header is not null)
        {
            return TryToken(context, TokenIn(header), out caller, out refusal);
        }

        if (OfSession(context) is { } known)
            caller = known;
        else if (context.Connection.ClientCertificate is { } certificate && OfCertificate(certificate) is { } client)
            caller = client;
        return true;
    }

    /// <summary>Whose a token is that somebody shows.</summary>
    internal bool TryToken(
        HttpContext context, string presented, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out AccessRefusal? refusal)
    {
        var sender = SenderOf(context);
        caller = null;
        refusal = failures.Allows(sender) ? null : AccessRefusal.TooMany;
        if (refusal is not null)
            return false;
        caller = tokens.Find(presented);
        if (caller is not null)
            return true;
        CountFailure(sender);
        refusal = AccessRefusal.WrongToken;
        return false;
    }

    /// <summary>The session of a code that is good; null = it is not, or too many were wrong.</summary>
    internal string? Redeem(HttpContext context, string code)
    {
        var sender = SenderOf(context);
        if (!failures.Allows(sender))
            return null;
        var session = sessions.Redeem(code);
        if (session is null)
            CountFailure(sender);
        return session;
    }

    /// <summary>The address of the sender, for logs and limits.</summary>
    internal static string SenderOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    void CountFailure(string sender)
    {
        if (failures.Count(sender))
            CockpitLog.WrongToken(log, sender);
    }

    static string TokenIn(string header) => header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : "";

    Caller? OfSession(HttpContext context) =>
        context.Request.Cookies[Cookie] is { } session && sessions.Find(session) is { } known && !tokens.IsReplaced(known) ? known : null;

    Caller? OfCertificate(X509Certificate2 certificate) =>
        clients.FirstOrDefault(client => client.Name == certificate.Subject) is { } grant ? new Caller(grant.Name, grant.Right) : null;
}

/// <summary>Why a request is refused before it is looked at.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Message">What to do.</param>
sealed record AccessRefusal(int Status, string Message)
{
    internal static AccessRefusal WrongToken { get; } = new(StatusCodes.Status401Unauthorized, "this is no token of this node");

    internal static AccessRefusal TooMany { get; } =
        new(StatusCodes.Status429TooManyRequests, "too many wrong tokens: wait a minute");
}
