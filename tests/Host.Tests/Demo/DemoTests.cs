using System.Text.Json;
using AkkaJoin.Host.Cli;
using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Host.Tests.Demo;

public sealed class DemoTests
{
    public static TheoryData<string> Types => [.. LongForm.Sample(["attribution", "inner", "left", "right", "full"], every: 5)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_demo_is_exact_though_the_engine_is_killed_on_the_way(string type)
    {
        var result = await DemoAsync("--join", type, "--crash", "--events", "30000", "--seed", "11");
        Assert.True(result.GetProperty("exact").GetBoolean(), result.ToString());
        Assert.Equal(1, result.GetProperty("kills").GetInt32());
    }

    [Fact]
    public async Task Without_a_crash_no_row_comes_twice_and_late_records_are_shown()
    {
        var result = await DemoAsync("--events", "100000", "--seed", "2");
        Assert.True(result.GetProperty("exact").GetBoolean(), result.ToString());
        Assert.Equal(0, result.GetProperty("doubled").GetInt64());
        Assert.True(result.GetProperty("deadLetters").GetInt64() > 0);
        Assert.True(result.GetProperty("duplicates").GetInt64() > 0);
    }

    [Fact]
    public async Task More_events_than_the_embedded_broker_keeps_are_refused()
    {
        var (code, _, error) = await RunAsync("demo", "--events", "500001");
        Assert.Equal(64, code);
        Assert.Contains("5 MiB a partition", error, StringComparison.Ordinal);
    }

    static async Task<JsonElement> DemoAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(["demo", "--json", .. arguments]);
        Assert.True(code is 0 or 2, error);
        return JsonDocument.Parse(output).RootElement;
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(arguments, output, error), output.ToString(), error.ToString());
    }
}
