using System.Net;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Host.Tests.Clustering;
using AkkaJoin.Pipeline;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Web;

/// <summary>The ports beside the usual one: for health alone, and with TLS.</summary>
public sealed class ListenerTests : IDisposable
{
    const string ClientUse = "1.3.6.1.5.5.7.3.2";
    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-listeners").FullName;

    public ListenerTests() => _ = TestNode.Directory;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("port = 0, health-port = 0")]
    [InlineData("port = none, health-port = 0")]
    public async Task The_health_port_answers_whoever_names_the_node_as_he_likes_and_nothing_but_two_paths(string admin)
    {
        await using var node = await TestNode.StartAsync(admin);
        await using var server = await node.ServeAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HealthAddress!.Port}/") };
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(http, "/health/live", "10.0.0.7:8080")).StatusCode);
        foreach (var path in new[] { "/", "/health", "/metrics", "/api/v1/cluster/show", "/api/v1/session" })
        {
            foreach (var host in new[] { "localhost", "10.0.0.7" })
                Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(http, path, host)).StatusCode);
        }
    }

    [Fact]
    public async Task By_TLS_a_client_needs_the_authority_and_a_token_or_a_certificate_that_has_a_right()
    {
        using var authority = new TestAuthority(_directory, "ours");
        using var others = new TestAuthority(_directory, "theirs");
        await using var node = await TestNode.StartAsync(
            $$"""
            host = "0.0.0.0", port = 0
            tls { {{authority.Issue("localhost")}}, client-authority-file = "{{authority.File}}" }
            clients = [{ subject = "CN=eye", right = state }]
            """);
        await using var server = await node.ServeAsync();
        var address = new NodeAddress("localhost", server.Address!.Port, IsSecure: true);

        var withoutToken = await RefusedAsync(address, new ClientOptions(AuthorityFile: authority.File));
        Assert.Contains("--token-file", withoutToken, StringComparison.Ordinal);
        Assert.Contains("--ca-file", await RefusedAsync(address, new ClientOptions()), StringComparison.Ordinal);
        await AskAsync(address, new ClientOptions(Cockpit.Access.LocalToken.File(), authority.File));
        Assert.Equal("node", await NotWellAsync(address, new ClientOptions(AuthorityFile: authority.File)));
        Assert.Equal("broker", await NotWellAsync(address, new ClientOptions(Cockpit.Access.LocalToken.File(), authority.File)));
        authority.Issue("eye", ClientUse);
        await AskAsync(address, new ClientOptions(null, authority.File, Pem("eye"), Pem("eye-key")));
        others.Issue("eye", ClientUse);
        Assert.NotEmpty(await RefusedAsync(address, new ClientOptions(null, authority.File, Pem("eye"), Pem("eye-key"))));
    }

    [Fact]
    public async Task A_session_ends_with_the_token_that_opened_it()
    {
        var file = Path.Combine(_directory, "ops");
        Write(file, "the-first-token-of-the-test");
        await using var node = await TestNode.StartAsync($"port = 0, tokens = [{{ name = ops, right = act, file = \"{file}\" }}]");
        await using var server = await node.ServeAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}/") };
        var login = await http.PostAsync("/login", new StringContent("{\"token\": \"the-first-token-of-the-test\"}"));
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Contains("ops", await SessionAsync(http, cookie), StringComparison.Ordinal);

        Write(file, "the-second-token-of-the-test");
        var deadline = System.Diagnostics.Stopwatch.StartNew();
        while ((await SessionAsync(http, cookie)).Contains("ops", StringComparison.Ordinal))
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(30), "the session outlives its token");
    }

    static async Task<string> SessionAsync(HttpClient http, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Add("Cookie", cookie);
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    static void Write(string file, string token)
    {
        File.WriteAllText(file, token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    static async Task AskAsync(NodeAddress address, ClientOptions options)
    {
        using var client = new CockpitClient(address, options, TimeSpan.FromSeconds(30));
        await client.RunAsync(CommandTable.Find("cluster", "members")!, new Dictionary<string, string>(), default);
    }

    // The first check that fails, as far as it is told.
    static async Task<string> NotWellAsync(NodeAddress address, ClientOptions options)
    {
        using var client = new CockpitClient(address, options, TimeSpan.FromSeconds(30));
        return (await client.HealthAsync(isReady: true, default)).Checks.First(check => !check.IsWell).Name;
    }

    static async Task<string> RefusedAsync(NodeAddress address, ClientOptions options) =>
        (await Assert.ThrowsAsync<UserException>(() => AskAsync(address, options))).Message;

    static async Task<HttpResponseMessage> GetAsync(HttpClient http, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await http.SendAsync(request);
    }

    string Pem(string name) => Path.Combine(_directory, name + ".pem");
}
