using System.Text.RegularExpressions;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>The verb <c>health</c>, as a container's health check calls it.</summary>
public sealed partial class HealthCommandTests
{
    public HealthCommandTests() => _ = TestNode.Directory;

    [Fact]
    public async Task A_node_that_answers_is_well_and_not_ready_while_it_cannot_do_its_part()
    {
        await using var node = await TestNode.StartAsync();
        await using var server = await node.ServeAsync();
        var address = server.Address!.ToString();
        Assert.Equal((0, "well: actor system\n", ""), await RunAsync("health", address));
        var (code, output, error) = await RunAsync("health", address, "--ready");
        Assert.Equal((1, ""), (code, error));
        Assert.StartsWith("not well: ", output, StringComparison.Ordinal);
        Assert.Contains("broker: Kafka does not answer at 127.0.0.1:1; joins: join j does not run yet", output, StringComparison.Ordinal);
        Assert.DoesNotContain("journal", output, StringComparison.Ordinal); // that is well
        Assert.Equal(1, output.Count(c => c == '\n'));
        Assert.StartsWith("{\"isWell\":false,", (await RunAsync("health", address, "--ready", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_port_says_yes_or_no_and_who_may_know_more()
    {
        await using var node = await TestNode.StartAsync("port = 0, health-port = 0");
        await using var server = await node.ServeAsync();
        var address = $"127.0.0.1:{server.HealthAddress!.Port}";
        Assert.Equal(0, (await RunAsync("health", address)).Code);
        var (code, output, error) = await RunAsync("health", address, "--ready");
        Assert.Equal((1, ""), (code, error));
        Assert.Equal("not well: node: it is not ready; name the file of a token with the right state to see why (--token-file)\n", output);
    }

    [Fact]
    public async Task Where_no_node_answers_that_is_the_line()
    {
        var (code, output, error) = await RunAsync("health", "127.0.0.1:1", "--ready");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("akkajoin: no node answers at 127.0.0.1:1: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_of_the_compose_file_is_a_command_of_this_program()
    {
        var compose = await File.ReadAllTextAsync(Path.Combine(Root(), "docker", "compose.yaml"));
        var words = HealthCheck().Match(compose).Groups[1].Value.Split(',').Select(word => word.Trim(' ', '"')).ToArray();
        Assert.Equal("health", words[0]);
        words[1] = "127.0.0.1:1"; // where nothing answers
        Assert.Equal(1, (await RunAsync(words)).Code); // 64: a wrong command line
    }

    [GeneratedRegex("""test: \["CMD", "/app/akkajoin", (.+)\]""")]
    private static partial Regex HealthCheck();

    static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "AkkaJoin.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
