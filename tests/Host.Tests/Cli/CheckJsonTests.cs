using System.Text.Json;
using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

public sealed class CheckJsonTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    string FilePath => Path.Combine(_directory.FullName, "akkajoin.conf");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_good_file_gives_the_settings()
    {
        var (code, result) = await Check(
            "akkajoin { kafka.bootstrap-servers = \"h:1\"\n joins.a { type = left, before = 0, after = 1, "
            + "left.topic = l, right.topic = r, output.topic = o } }");

        Assert.Equal(0, code);
        Assert.True(result.GetProperty("ok").GetBoolean());
        Assert.Empty(result.GetProperty("errors").EnumerateArray());
        Assert.Empty(result.GetProperty("warnings").EnumerateArray());
        var type = result.GetProperty("settings").EnumerateArray()
            .Single(setting => setting.GetProperty("key").GetString() == "akkajoin.joins.a.type");
        Assert.Equal("left", type.GetProperty("value").GetString());
        Assert.Equal($"{FilePath}:2", type.GetProperty("origin").GetString());
    }

    [Fact]
    public async Task A_wrong_file_gives_its_errors_with_file_line_and_key()
    {
        var (code, result) = await Check(
            "akkajoin { kafka.bootstrap-servers = \"h:1\"\n joins.a { type = x, before = 0, after = 1, "
            + "left.topic = l, right.topic = r, output.topic = o } }");

        Assert.Equal(78, code);
        Assert.False(result.GetProperty("ok").GetBoolean());
        var error = Assert.Single(result.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            "akkajoin.joins.a.type must be inner, left, right, full or attribution; it is \"x\"", error.GetProperty("message").GetString());
        Assert.Equal(FilePath, error.GetProperty("file").GetString());
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.Equal("akkajoin.joins.a.type", error.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_file_that_is_no_configuration_gives_one_error()
    {
        var (code, result) = await Check("akkajoin {");

        Assert.Equal(78, code);
        var error = Assert.Single(result.GetProperty("errors").EnumerateArray());
        Assert.Equal("the '{' that stands here is never closed", error.GetProperty("message").GetString());
        Assert.Equal(1, error.GetProperty("line").GetInt32());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("key").ValueKind);
    }

    async Task<(int Code, JsonElement Result)> Check(string text)
    {
        await File.WriteAllTextAsync(FilePath, text);
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(["check", "-c", FilePath, "--json"], output, error);
        Assert.Empty(error.ToString());
        return (code, JsonSerializer.Deserialize<JsonElement>(output.ToString()));
    }
}
