using System.Net;
using System.Net.Sockets;
using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

public sealed class ClusterCommandTests
{
    [Fact]
    public async Task Where_no_node_answers_the_message_says_how_to_find_the_port()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = free.LocalEndpoint.ToString()!;
        free.Stop();
        var (code, output, error) = await RunAsync("cluster", address);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"akkajoin: no node answers at {address}: ", error, StringComparison.Ordinal);
        Assert.Contains("akkajoin.admin.port", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_takes_the_question_and_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var (code, _, error) = await RunAsync("cluster", silent.LocalEndpoint.ToString()!, "--timeout", "1");
        Assert.Equal(1, code);
        Assert.Contains($"no node answered at {silent.LocalEndpoint} within 1 s", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "no node answers at")]
    [InlineData("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "is no akkajoin node")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", "is no akkajoin node")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7", "is no akkajoin node")]
    [InlineData("", "no node answers at")]
    [InlineData("HTTP/1.1 503 Busy\r\ncontent-length: 19\r\n\r\n{\"error\":\"no room\"}", "answers: no room")]
    public async Task Another_answer_than_that_of_a_node_is_1_with_one_line(string answer, string expected)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var running = RunAsync("cluster", other.LocalEndpoint.ToString()!);
        using (var client = await other.AcceptTcpClientAsync())
        {
            var buffer = new byte[8_192];
            _ = await client.GetStream().ReadAsync(buffer);
            await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer));
        }

        var (code, output, error) = await running;
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("9110")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    public async Task An_address_that_is_none_is_64(string address)
    {
        var (code, _, error) = await RunAsync("cluster", address);
        Assert.Equal(64, code);
        Assert.StartsWith($"akkajoin: HOST:PORT is an address such as 127.0.0.1:9110; it is '{address}'", error, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
