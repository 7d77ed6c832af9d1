using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Cockpit.Client;

/// <summary>Asks a node for its commands by HTTP.</summary>
sealed class CockpitClient : IDisposable
{
    const int AnswerBytesMax = 64 * 1024 * 1024;

    const string HowToFind = "A node says where it listens when it starts; akkajoin.admin.port or AKKAJOIN_ADMIN_PORT sets the port";

    readonly HttpClient _http;
    readonly NodeAddress _address;
    readonly string? _tokenFile;
    readonly TimeSpan _timeout;

    /// <summary>A client of one node.</summary>
    /// <param name="address">The node's HTTP port.</param>
    /// <param name="options">Who asks.</param>
    /// <param name="timeout">For each question.</param>
    /// <exception cref="UserException">A file of the options cannot be read.</exception>
    internal CockpitClient(NodeAddress address, ClientOptions options, TimeSpan timeout)
    {
        _address = address;
        _tokenFile = options.TokenFile;
        _timeout = timeout;
        _http = new HttpClient(ClientTls.Handler(options))
        {
            BaseAddress = address.Uri,
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Carries out a command on the node.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments, by name.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>The result.</returns>
    /// <exception cref="UserException">Nobody answers there, or the node refuses; the message says why.</exception>
    internal Task<JsonElement> RunAsync(NodeCommand command, IReadOnlyDictionary<string, string> arguments, CancellationToken stopping) =>
        RunAsync(CommandReport.Of(command), arguments, stopping);

    /// <inheritdoc cref="RunAsync(NodeCommand, IReadOnlyDictionary{string, string}, CancellationToken)"/>
    /// <param name="timeout">How long the answer may take; null = as the client was told.</param>
    internal Task<JsonElement> RunAsync(
        CommandReport command, IReadOnlyDictionary<string, string> arguments, CancellationToken stopping, TimeSpan? timeout = null) =>
        SendAsync(
            HttpMethod.Post,
            $"{CockpitEndpoints.Root}/{Uri.EscapeDataString(command.Palette)}/{Uri.EscapeDataString(command.Name)}",
            command.Right,
            arguments,
            timeout ?? _timeout,
            stopping);

    /// <summary>What the node can be told.</summary>
    /// <inheritdoc cref="RunAsync(NodeCommand, IReadOnlyDictionary{string, string}, CancellationToken)"/>
    internal async Task<CommandListing> ListingAsync(CancellationToken stopping)
    {
        var answer = await SendAsync(HttpMethod.Get, CockpitEndpoints.Listing, Right.State, null, _timeout, stopping);
        try
        {
            if (answer.Deserialize<CommandListing>(CockpitJson.Options) is { Joins: not null, Commands: not null } listing)
                return listing;
        }
        catch (JsonException)
        {
            // What answers has the form of no listing.
        }

        throw new UserException($"what listens at {_address} does not tell its commands. {HowToFind}", 1);
    }

    /// <summary>Sends an object to a path and gives the answer.</summary>
    /// <inheritdoc cref="RunAsync(NodeCommand, IReadOnlyDictionary{string, string}, CancellationToken)"/>
    internal Task<JsonElement> PostAsync(string path, Right right, object body, CancellationToken stopping) =>
        SendAsync(HttpMethod.Post, path, right, body, _timeout, stopping);

    /// <summary>How the node is. Without the right to see its checks that is a word.</summary>
    /// <param name="isReady">Whether it can do its part; else whether its actor system answers.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="UserException">Nobody answers there, or it is no node.</exception>
    internal async Task<NodeHealthReport> HealthAsync(bool isReady, CancellationToken stopping)
    {
        if (!isReady)
            return await WordAsync("/health/live", "actor system", "it does not answer");
        var hidden = false;
        var report = await SendAsync(
            HttpMethod.Get,
            "/health",
            Right.State,
            null,
            _timeout,
            (answer, token) =>
            {
                hidden = HealthAnswers.HidesChecks(answer.StatusCode);
                return HealthAnswers.ChecksAsync(answer, token);
            },
            stopping);
        if (report is not null || !hidden)
            return report ?? throw NoNode();
        return await WordAsync(
            "/health/ready", "node", "it is not ready; name the file of a token with the right state to see why (--token-file)");

        async Task<NodeHealthReport> WordAsync(string path, string check, string hint) =>
            await SendAsync(
                HttpMethod.Get,
                path,
                Right.State,
                null,
                _timeout,
                (answer, token) => HealthAnswers.WordAsync(answer, check, hint, token),
                stopping) ?? throw NoNode();
    }

    Task<JsonElement> SendAsync(
        HttpMethod method, string path, Right right, object? body, TimeSpan timeout, CancellationToken stopping) =>
        SendAsync(method, path, right, body, timeout, ResultAsync, stopping);

    async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        Right right,
        object? body,
        TimeSpan timeout,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(timeout);
        try
        {
            // Below the address, which may have a path.
            using var request = new HttpRequestMessage(method, path.TrimStart('/'))
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            if (request.Content is { } content)
                await content.LoadIntoBufferAsync(limit.Token); // so it has a length
            if (Token(right) is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await _http.SendAsync(request, limit.Token);
            return await read(response, limit.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException tls)
        {
            throw new UserException($"the node at {_address} cannot be trusted: {tls.Message} Name its authority with --ca-file", 1, e);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            throw new UserException($"no node answers at {_address}: {e.GetBaseException().Message}. {HowToFind}", 1, e);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new UserException($"no node answered at {_address} within {timeout.TotalSeconds:0.###} s. {HowToFind}", 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Figures of a node of this machine need no token, and nobody gets one that is not needed. An application lets
    // nobody in without one, and has a path.
    string? Token(Right right)
    {
        if (_tokenFile is { } file)
            return Access.Token.TextOf(file, Path.GetFileName(file));
        var isNeeded = right != Right.State || _address.Path.Length > 0;
        if (!isNeeded || !_address.IsLoopback || !File.Exists(LocalToken.File()))
            return null;
        if (ListenerOwner.IsSomebodyElse(_address.Port))
        {
            throw new UserException(
                $"what listens at {_address} is another user's process: it does not get this user's token. Name the token to "
                    + "show with --token-file",
                1);
        }

        return Access.Token.TextOf(LocalToken.File(), LocalToken.Name);
    }

    async Task<JsonElement> ResultAsync(HttpResponseMessage response, CancellationToken stopping)
    {
        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(stopping));
            var root = answer.RootElement;
            if (response.IsSuccessStatusCode && root.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                return root.Clone();
            if (root.TryGetProperty(Answers.Error, out var error) && error.GetString() is { } text)
                throw new UserException($"{_address} answers: {text}{Advice(response.StatusCode)}", CodeOf(response.StatusCode));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It speaks HTTP, or seems to, and is something else.
        }

        throw NoNode();
    }

    UserException NoNode() => new($"what listens at {_address} is no akkajoin node. {HowToFind}", 1);

    static string Advice(HttpStatusCode status) => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        ? ". Name the file of a token with --token-file or AKKAJOIN_TOKEN_FILE"
        : "";

    static int CodeOf(HttpStatusCode status) => status == HttpStatusCode.BadRequest ? CommandException.UsageCode : 1;
}

/// <summary>Who asks a node, and whom they trust.</summary>
/// <param name="TokenFile">The file of the token to show; null = this user's own, where one is needed.</param>
/// <param name="AuthorityFile">
/// The authorities that the node's certificate may come from, PEM; null = those of the system.
/// </param>
/// <param name="CertificateFile">The certificate to show, PEM; null = none.</param>
/// <param name="KeyFile">Its private key, PEM.</param>
sealed record ClientOptions(string? TokenFile = null, string? AuthorityFile = null, string? CertificateFile = null, string? KeyFile = null)
{
    /// <summary>The variable that names the token's file.</summary>
    internal const string TokenVariable = "AKKAJOIN_TOKEN_FILE";

    /// <summary>The variable that names the authority's file.</summary>
    internal const string AuthorityVariable = "AKKAJOIN_CA_FILE";
}
