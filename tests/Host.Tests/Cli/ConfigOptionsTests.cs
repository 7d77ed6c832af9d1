using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>Which configuration a verb takes, and what the command line sets over it.</summary>
public sealed class ConfigOptionsTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_command_line_wins_over_the_environment_and_that_over_the_file_of_the_directory()
    {
        foreach (var name in new[] { "akkajoin.conf", "named.conf", "given.conf" })
            await File.WriteAllTextAsync(Path.Combine(_directory.FullName, name), Text(name));
        var named = new Dictionary<string, string> { [ConfigOptions.Variable] = "named.conf" };
        Assert.Contains("akkajoin.conf-rows", await CheckAsync(new Dictionary<string, string>(), "check"), StringComparison.Ordinal);
        Assert.Contains("named.conf-rows", await CheckAsync(named, "check"), StringComparison.Ordinal);
        Assert.Contains("given.conf-rows", await CheckAsync(named, "check", "-c", "given.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_file_each_place_where_one_was_looked_for_is_named()
    {
        using var process = EngineProcess.StartIn(_directory.FullName, new Dictionary<string, string>(), "check");
        Assert.Equal(64, await process.EndAsync());
        Assert.Contains("-c FILE is missing, AKKAJOIN_CONFIG is not set, and there is no ./akkajoin.conf", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_set_wins_over_file_and_environment_and_is_shown_with_its_place()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "akkajoin.conf"), Text("a"));
        var port = new Dictionary<string, string> { ["AKKAJOIN_PORT"] = "4053" };
        var output = await CheckAsync(port, "check", "--set", "akkajoin.cluster.port=4054", "--set", "akkajoin.joins.test.left.key=[a, b]");
        Assert.Matches(@"port +4054 +--set:1", output);
        Assert.Matches(@"left\.key +\S*a\S*, *\S*b\S* +--set:2", output);
    }

    [Theory]
    [InlineData("a.b=c", "a.b = \"c\"")]
    [InlineData("a.b=p#s\"s\\=x", "a.b = \"p#s\\\"s\\\\=x\"")]
    [InlineData("a=[x, y]", "a = [x, y]")]
    [InlineData("a=${?HOME}", "a = ${?HOME}")]
    [InlineData("a=null", "a = null")]
    [InlineData("a=", "a = \"\"")]
    [InlineData("a=x\nb=y", "a = \"x\\u000ab=y\"")]
    public void A_value_is_a_text_unless_it_begins_as_something_else(string pair, string line) =>
        Assert.Equal(line + "\n", ConfigOverrides.Text([pair]));

    [Theory]
    [InlineData("akkajoin.flow.linger")]
    [InlineData("=x")]
    [InlineData("a{b=c")]
    public void What_is_no_pair_is_refused_with_an_example(string pair) =>
        Assert.Contains("--set takes KEY=VALUE", Assert.Throws<FormatException>(() => ConfigOverrides.Text([pair])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "flow.linger=5ms", "unknown key flow (--set:1); did you mean akkajoin.flow?")]
    [InlineData("", "flow.lingr=5ms", "unknown key flow (--set:1); did you mean akkajoin.flow?")]
    [InlineData("", "journal=postgresql", "unknown key journal (--set:1); did you mean akkajoin.journal?")]
    [InlineData("", "joins.test.type=left", "unknown key joins (--set:1); did you mean akkajoin.joins?")]
    [InlineData("", "site=north", null)]
    [InlineData("kafka { host = a }", "kafka.host=b", null)]
    public async Task A_key_of_ours_that_is_set_without_its_root_is_refused_and_one_of_the_file_is_not(string file, string pair, string? problem)
    {
        var path = Path.Combine(_directory.FullName, "akkajoin.conf");
        await File.WriteAllTextAsync(path, file + "\n" + Text("a"));
        var refused = Record.Exception(() => ConfigReader.ReadFile(path, typeof(ConfigOptions).Assembly, overrides: ConfigOverrides.Text([pair])));
        Assert.Equal(problem is null, refused is null);
        Assert.Contains(problem ?? "", refused?.Message ?? "", StringComparison.Ordinal);
    }

    static string Text(string name) => $$"""
        akkajoin {
          kafka.bootstrap-servers = "127.0.0.1:1"
          joins.test {
            type = inner, before = 0s, after = 1m
            left { topic = l, key = k, time = t }
            right { topic = r, key = k, time = t }
            output.topic = "{{name}}-rows"
          }
        }
        """;

    async Task<string> CheckAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = EngineProcess.StartIn(_directory.FullName, environment, arguments);
        var code = await process.EndAsync();
        Assert.True(code == 0, process.Output + process.Errors);
        return process.Output;
    }
}
