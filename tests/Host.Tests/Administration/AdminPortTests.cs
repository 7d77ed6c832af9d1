using System.Net.Sockets;
using System.Text;
using Akka.Event;
using AkkaJoin.Host.Administration;
using AkkaJoin.Pipeline;
using Xunit;

namespace AkkaJoin.Host.Tests.Administration;

public sealed class AdminPortTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _deaf = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly AdminQueries _queries;
    AdminPort _port;

    public AdminPortTests()
    {
        _queries = new AdminQueries(new Dictionary<string, AdminQuery>
        {
            ["echo"] = (question, _) => Task.FromResult<object>(question.GetProperty("text").GetString()!),
            ["refuse"] = (_, _) => throw new UserException("not today", 1),
            ["slow"] = async (_, stopping) =>
            {
                await _slow.Task.WaitAsync(stopping);
                return "done";
            },
            ["deaf"] = async (_, _) =>
            {
                await _deaf.Task;
                return "done";
            },
        });
        _port = Start(AdminLimits.Standard);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _port.DisposeAsync();

    [Fact]
    public async Task Questions_on_one_connection_are_answered_in_their_order()
    {
        using var client = new Client(_port);
        await client.WriteAsync("{\"query\":\"echo\",\"text\":\"a\"}\n\r\n{\"query\":\"echo\",\"te");
        Assert.Equal("""{"version":1,"query":"echo","result":"a"}""", await client.ReadAsync());
        await client.WriteAsync("xt\":\"<ü>\"}\r\n");
        Assert.Equal("""{"version":1,"query":"echo","result":"<ü>"}""", await client.ReadAsync());
    }

    [Fact]
    public async Task What_cannot_be_answered_is_an_error_and_the_connection_goes_on()
    {
        using var client = new Client(_port);
        Assert.Equal("""{"version":1,"error":"the text \"query\" is missing; queries are deaf, echo, refuse, slow"}""", await client.AskAsync("[1]"));
        Assert.Equal("""{"version":1,"error":"the text \"query\" is missing; queries are deaf, echo, refuse, slow"}""", await client.AskAsync("""{"query":7}"""));
        Assert.Equal("""{"version":1,"error":"there is no query 'x'; queries are deaf, echo, refuse, slow"}""", await client.AskAsync("""{"query":"x"}"""));
        Assert.Equal("""{"version":1,"error":"not today"}""", await client.AskAsync("""{"query":"refuse"}"""));
        Assert.StartsWith("""{"version":1,"error":"the query 'echo' failed: """, await client.AskAsync("""{"query":"echo"}"""), StringComparison.Ordinal);
        Assert.Equal("""{"version":1,"query":"echo","result":"b"}""", await client.AskAsync("""{"query":"echo","text":"b"}"""));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("{\"query\":")]
    [InlineData("\u0001\u0002")]
    public async Task A_line_that_is_no_JSON_is_an_error_and_the_end_whatever_comes_below_it(string line)
    {
        using var client = new Client(_port);
        await client.WriteAsync(line + "\n{\"query\":\"echo\",\"text\":\"c\"}\n");
        Assert.Contains("\"error\":\"a question is one line of JSON", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    public async Task A_line_that_is_too_long_is_an_error_and_the_end_even_without_its_own_end(string end)
    {
        using var client = new Client(_port);
        await client.WriteAsync($$"""{"query":"echo","text":"{{new string('a', 70_000)}}"}""" + end);
        Assert.Equal("""{"version":1,"error":"a question of more than 65536 bytes"}""", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_connection_that_waits_for_its_answer_holds_no_other_one_up()
    {
        using var first = new Client(_port);
        using var second = new Client(_port);
        await first.WriteAsync("{\"query\":\"slow\"}\n");
        Assert.Equal("""{"version":1,"query":"echo","result":"d"}""", await second.AskAsync("""{"query":"echo","text":"d"}"""));
        _slow.SetResult();
        Assert.Equal("""{"version":1,"query":"slow","result":"done"}""", await first.ReadAsync());
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so_and_there_is_room_again_when_another_ends()
    {
        await RestartAsync(AdminLimits.Standard with { ConnectionsMax = 1 });
        using (var first = new Client(_port))
        {
            await first.AskAsync("""{"query":"echo","text":"e"}""");
            using var second = new Client(_port);
            Assert.Equal("""{"version":1,"error":"there are 1 connections already"}""", await second.ReadAsync());
            Assert.Null(await second.ReadAsync());
        }

        string? answer;
        do
        {
            using var next = new Client(_port);
            answer = await next.AskAsync("""{"query":"echo","text":"f"}""");
        }
        while (answer is null or """{"version":1,"error":"there are 1 connections already"}""");
        Assert.Equal("""{"version":1,"query":"echo","result":"f"}""", answer);
    }

    [Fact]
    public async Task A_connection_that_asks_nothing_is_closed()
    {
        await RestartAsync(AdminLimits.Standard with { IdleTimeout = TimeSpan.FromMilliseconds(50) });
        using var client = new Client(_port);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_no_reason_to_stop_and_none_opens_nothing()
    {
        Assert.Null(AdminPort.Start(_port.Address.Port, _queries, NoLogger.Instance));
        Assert.Null(AdminPort.Start(null, _queries, NoLogger.Instance));
        using var client = new Client(_port);
        Assert.Equal("""{"version":1,"query":"echo","result":"g"}""", await client.AskAsync("""{"query":"echo","text":"g"}"""));
    }

    [Fact]
    public async Task The_end_of_the_node_ends_every_connection()
    {
        using var client = new Client(_port);
        await client.AskAsync("""{"query":"echo","text":"h"}""");
        await client.WriteAsync("{\"query\":\"slow\"}\n");
        await _port.DisposeAsync();
        Assert.Null(await client.ReadAsync());
        _port = Start(AdminLimits.Standard);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800 x\"")]
    [InlineData("\"\u00ff\u00fe\"")]
    [InlineData("\"\u00ed\u00a0\u0080\"")]
    public async Task A_question_whose_text_is_no_Unicode_takes_no_connection_with_it(string bytesOfName)
    {
        await RestartAsync(AdminLimits.Standard with { ConnectionsMax = 2 });
        foreach (var name in new[] { "query", "text" })
        {
            for (var i = 0; i < 5; i++)
            {
                using var client = new Client(_port);
                await client.WriteAsync(Encoding.Latin1.GetBytes($$"""{"{{name}}":{{bytesOfName}},{{bytesOfName}}:1,"query":{{(name == "query" ? bytesOfName : "\"echo\"")}}}""" + "\n"));
                Assert.Contains("\"error\":", await client.ReadAsync(), StringComparison.Ordinal);
            }
        }

        await _port.DisposeAsync().AsTask().WaitAsync(Patience);
        _port = Start(AdminLimits.Standard);
    }

    [Fact]
    public async Task Any_bytes_are_answered_and_the_port_goes_on()
    {
        var random = new Random(5);
        var whole = Encoding.UTF8.GetBytes("""{"query":"echo","text":"\u00e9 \ud83d\ude00"}""");
        for (var i = 0; i < 200; i++)
        {
            var line = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                line[random.Next(line.Length)] = (byte)random.Next(11, 256);
            using var client = new Client(_port);
            await client.WriteAsync([.. line, (byte)'\n']);
            Assert.True(await client.ReadAsync() is { } answer && answer.StartsWith("{\"version\":1,", StringComparison.Ordinal), $"case {i}: {Convert.ToHexString(line)}");
        }

        using var last = new Client(_port);
        Assert.Equal("""{"version":1,"query":"echo","result":"i"}""", await last.AskAsync("""{"query":"echo","text":"i"}"""));
    }

    [Fact]
    public async Task An_answer_that_does_not_heed_the_stop_holds_the_node_up_no_longer_than_the_limit()
    {
        await RestartAsync(AdminLimits.Standard with { StopTimeout = TimeSpan.FromMilliseconds(50) });
        using var client = new Client(_port);
        await client.AskAsync("""{"query":"echo","text":"j"}""");
        await client.WriteAsync("{\"query\":\"deaf\"}\n{\"query\":\"deaf\"}\n");
        await _port.DisposeAsync().AsTask().WaitAsync(Patience);
        _deaf.SetResult();
        _port = Start(AdminLimits.Standard);
    }

    AdminPort Start(AdminLimits limits) => AdminPort.Start(0, _queries, NoLogger.Instance, limits)!;

    async Task RestartAsync(AdminLimits limits)
    {
        await _port.DisposeAsync();
        _port = Start(limits);
    }

    sealed class Client : IDisposable
    {
        readonly TcpClient _client = new();
        readonly StreamReader _reader;

        internal Client(AdminPort port)
        {
            _client.Connect(port.Address);
            _reader = new StreamReader(_client.GetStream());
        }

        public void Dispose()
        {
            _reader.Dispose();
            _client.Dispose();
        }

        internal async Task<string?> AskAsync(string line)
        {
            await WriteAsync(line + "\n");
            return await ReadAsync();
        }

        internal Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

        internal Task WriteAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes).AsTask();

        // Null where the connection has ended, in whatever way.
        internal async Task<string?> ReadAsync()
        {
            try
            {
                return await _reader.ReadLineAsync().WaitAsync(Patience);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
