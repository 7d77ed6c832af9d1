using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Web;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Web;

/// <summary>What the HTTP port of a node answers, and what it refuses.</summary>
public sealed class CockpitServerTests : IAsyncLifetime
{
    TestNode _node = null!;
    CockpitServer _server = null!;
    HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
        _http = Client();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Figures_need_no_token_on_loopback()
    {
        var report = await JsonAsync(await _http.GetAsync("/api/v1/cluster/show"));
        Assert.Equal("up", report.GetProperty("members")[0].GetProperty("status").GetString());
        Assert.Equal("j", report.GetProperty("joins")[0].GetProperty("join").GetString());
    }

    [Fact]
    public async Task Whoever_shows_a_wrong_token_gets_nothing_even_where_none_is_needed()
    {
        var answer = await SendAsync(HttpMethod.Get, "/api/v1/cluster/show", token: "0123456789012345678901234");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_are_limited_and_the_right_one_waits_too()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/session", token: $"wrong-{i}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(HttpMethod.Get, "/api/v1/session", TestNode.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/v1/cluster/show")).StatusCode);
    }

    [Fact]
    public async Task The_token_of_the_node_s_user_has_all_rights()
    {
        var session = await JsonAsync(await SendAsync(HttpMethod.Get, "/api/v1/session", TestNode.Token()));
        Assert.Equal("local", session.GetProperty("name").GetString());
        Assert.Equal("act", session.GetProperty("right").GetString());
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task A_name_that_is_bound_to_loopback_from_elsewhere_is_refused(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cluster/show");
        request.Headers.Host = $"{host}:{_server.Address!.Port}";
        Assert.Equal(expected, (await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Another_site_cannot_ask_and_is_allowed_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cluster/show");
        request.Headers.Add("Origin", "http://evil.example");
        var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        using var image = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cluster/show");
        image.Headers.Add("Sec-Fetch-Site", "cross-site");
        image.Headers.Add("Sec-Fetch-Mode", "no-cors");
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.SendAsync(image)).StatusCode);
    }

    [Fact]
    public async Task A_code_is_good_for_one_login_and_gives_the_rights_of_who_asked_for_it()
    {
        var made = await JsonAsync(await SendAsync(HttpMethod.Post, "/api/v1/page/code", TestNode.Token()));
        var code = made.GetProperty("code").GetString();
        var login = await LoginAsync($"{{\"code\": \"{code}\"}}");
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        foreach (var attribute in new[] { "httponly", "secure", "samesite=strict", "path=/" })
            Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal("act", (await JsonAsync(await _http.SendAsync(request))).GetProperty("right").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync($"{{\"code\": \"{code}\"}}")).StatusCode);
    }

    [Fact]
    public async Task A_session_without_an_origin_cannot_post()
    {
        var login = await LoginAsync($"{{\"token\": \"{TestNode.Token()}\"}}");
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var bare = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cluster/show");
        bare.Headers.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.SendAsync(bare)).StatusCode);
        using var own = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cluster/show");
        own.Headers.Add("Cookie", cookie);
        own.Headers.Add("Origin", $"http://{_server.Address}");
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(own)).StatusCode);
    }

    [Fact]
    public async Task Health_is_a_bare_word_and_its_details_say_what_is_wrong()
    {
        Assert.Equal("Healthy", await _http.GetStringAsync("/health/live"));
        var ready = await _http.GetAsync("/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        var details = await _http.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, details.StatusCode);
        var checks = JsonDocument.Parse(await details.Content.ReadAsStringAsync()).RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.True(checks["member"].GetProperty("isWell").GetBoolean());
        Assert.True(checks["journal"].GetProperty("isWell").GetBoolean());
        Assert.Equal("Kafka does not answer at 127.0.0.1:1", checks["broker"].GetProperty("text").GetString());
        Assert.Equal("join j does not run yet", checks["joins"].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("/api/v1/cluster/show?nothing=1", "has no argument 'nothing'")]
    [InlineData("/api/v1/cluster/show?a=1&a=2", "'a' is given 2 times")]
    public async Task Wrong_arguments_are_named(string path, string expected)
    {
        var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString();
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"join\": {}}")]
    [InlineData("{\"\\ud800\": \"\\ud800\"}")]
    public async Task A_body_that_is_no_object_of_arguments_is_refused(string body)
    {
        var answer = await _http.PostAsync("/api/v1/cluster/show", new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var answer = await _http.PostAsync("/api/v1/cluster/show", new ByteArrayContent(new byte[100_000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_keep_a_browser_safe()
    {
        var answer = await _http.GetAsync("/api/v1/nothing");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_description_names_every_command_with_the_form_of_its_result()
    {
        var document = await JsonAsync(await _http.GetAsync("/api/v1/openapi.json"));
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Equal(Palettes.CommandTable.All.Select(command => $"/api/v1/{command.Palette}/{command.Name}"), paths);
        var schema = document.GetProperty("paths").GetProperty("/api/v1/cluster/show").GetProperty("get").GetProperty("responses")
            .GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.True(schema.GetProperty("properties").TryGetProperty("members", out _));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_connections_that_say_nothing()
    {
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_server.Address!);
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/cluster/show HTTP/1.1\r\nHo"));
            silent.Add(socket);
        }

        await _server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Bytes_that_are_no_http_close_their_connection_alone()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.Address!);
        await socket.SendAsync(new byte[] { 0, 255, 22, 3, 1, 10, 13, 10, 13, 10 });
        var buffer = new byte[4_096];
        var read = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.StartsWith("HTTP/1.1 400", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/v1/session")).StatusCode);
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    HttpClient Client() => new() { BaseAddress = new Uri($"http://{_server.Address}/") };

    Task<HttpResponseMessage> LoginAsync(string body) => _http.PostAsync("/login", new StringContent(body));

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", token);
        return await _http.SendAsync(request);
    }
}
