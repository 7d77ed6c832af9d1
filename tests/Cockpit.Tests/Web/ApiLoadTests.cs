using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Web;

/// <summary>Many, slow and malformed requests: each has an answer, and nothing is left of them.</summary>
public sealed class ApiLoadTests : IAsyncLifetime
{
    const int Clients = 64, Seed = 20_261_129;
    const string Unfinished = "POST /api/v1/cluster/show HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly int _requests = LongForm.IsOn ? 10_000 : 1_000;
    TestNode _node = null!;
    CockpitServer _server = null!;
    HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
        _http = new HttpClient { BaseAddress = new Uri($"http://{_server.Address}/"), Timeout = Patience };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Requests_of_64_clients_are_answered_or_refused_while_others_say_nothing()
    {
        var silent = await SilentAsync(32);
        var left = _requests;
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<HttpStatusCode, int>();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var answer = await _http.GetAsync("/api/v1/session");
                statuses.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
            }
        }));
        silent.ForEach(socket => socket.Dispose());

        Assert.Equal(_requests, statuses.Values.Sum());
        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
        Assert.Equal("Healthy", await _http.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task Whatever_is_asked_the_answer_is_json_and_never_a_defect()
    {
        var random = new Random(Seed);
        for (var i = 0; i < (LongForm.IsOn ? 5_000 : 300); i++)
        {
            using var request = Request(random);
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var asked = $"seed {Seed}, request {i}: {request.Method} {request.RequestUri}: {(int)answer.StatusCode} {text}";
            Assert.True(answer.StatusCode != HttpStatusCode.InternalServerError, asked);
            Assert.True(IsJson(text), asked);
        }
    }

    // Acts are left out, since one of them ends the node, and so is what waits for Kafka.
    static readonly string[] Asked = ["actor hierarchy", "cluster members", "join list", "log peek"];

    static HttpRequestMessage Request(Random random)
    {
        var commands = CommandTable.All.Where(command => Asked.Contains($"{command.Palette} {command.Name}")).ToList();
        var command = commands[random.Next(commands.Count)];
        var names = command.Parameters.Select(parameter => parameter.Name).Append(Text(random)).ToList();
        var query = string.Join('&', Enumerable.Range(0, random.Next(4))
            .Select(_ => $"{Uri.EscapeDataString(names[random.Next(names.Count)])}={Uri.EscapeDataString(Text(random))}"));
        var request = new HttpRequestMessage(
            random.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Post, $"/api/v1/{command.Palette}/{command.Name}?{query}");
        request.Headers.Authorization = new("Bearer", TestNode.Token());
        if (request.Method == HttpMethod.Post)
            request.Content = new ByteArrayContent(Body(random));
        return request;
    }

    static byte[] Body(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes("{\"join\":\"j\",\"count\":1}");
        for (var i = random.Next(4); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(1, 0xD7FF))]);

    static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    async Task<List<Socket>> SilentAsync(int count)
    {
        var silent = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_server.Address!);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Unfinished));
            silent.Add(socket);
        }

        return silent;
    }
}
