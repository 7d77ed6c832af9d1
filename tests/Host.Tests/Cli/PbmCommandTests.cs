using System.Diagnostics;
using System.Text.Json;
using AkkaJoin.Cockpit.Tests;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Tests.Running;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

/// <summary>The verbs <c>pbm</c> and <c>page</c> on a node.</summary>
public sealed class PbmCommandTests : IAsyncLifetime
{
    TestNode _node = null!;
    CockpitServer _server = null!;

    string Address => _server.Address!.ToString();

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task One_command_is_carried_out_and_gives_its_exit_code()
    {
        var (code, output, error) = await RunAsync("pbm", Address, "actor", "hierarchy", "/user", "--depth", "0");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("/user (", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("pbm", Address, "cluster", "show")).Code); // its key groups do not run
        using var members = JsonDocument.Parse((await RunAsync("pbm", Address, "cluster", "members", "--json")).Output);
        Assert.Single(members.RootElement.GetProperty("members").EnumerateArray());
    }

    [Theory]
    [InlineData("cluster shwo", "'cluster' has no command 'shwo'; did you mean 'show'?")]
    [InlineData("actor hierarchy --dpeth 3", "did you mean '--depth'?")]
    [InlineData("cluster down", "ADDRESS is missing")]
    [InlineData("actor hierarchy --depth far", "'depth' is a whole number from 0 to 50; it is 'far'")]
    public async Task A_wrong_command_is_one_line_and_64(string command, string expected)
    {
        var (code, output, error) = await RunAsync(["pbm", Address, .. command.Split(' ')]);
        Assert.Equal((64, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("nobody:0")]
    [InlineData("::")]
    public async Task An_address_that_is_none_is_64(string address)
    {
        var (code, _, error) = await RunAsync("pbm", address, "cluster", "show");
        Assert.Equal(64, code);
        Assert.StartsWith($"akkajoin: HOST:PORT is an address such as 127.0.0.1:9110; it is '{address}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_the_standard_one_is_asked()
    {
        var (address, command) = PbmCommand.Read(["cluster", "leave", "host:1"]);
        Assert.Equal(("127.0.0.1:9110", 3), (address.ToString(), command.Length));
    }

    [Fact]
    public async Task Lines_of_standard_input_are_carried_out_without_a_prompt()
    {
        const string lines = "# a remark\ncluster members\ncluster shwo\n\nactor hierarchy /user --depth 0\n";
        var (code, output, error) = await ShellAsync(lines, $"dotnet '{EngineProcess.Program}' pbm {Address}");
        Assert.Equal(64, code); // that of the last command that failed
        Assert.Contains("Count: 1 node", output, StringComparison.Ordinal);
        Assert.Contains("/user (", output, StringComparison.Ordinal);
        Assert.DoesNotContain("> ", output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'show'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_there_is_a_prompt_that_completes_and_remembers()
    {
        var screen = Path.GetTempFileName();

        // exec: a shell that waited for the program would get the Ctrl-C too, and end.
        var (code, _, error) = await ShellAsync(
            "",
            $$"""
            until_() { for i in $(seq 600); do eval "$1" && return; sleep 0.1; done; echo "never: $1" >&2; }
            ready() { until_ "[ \"\$(tail -c 2 '{{screen}}')\" = '> ' ]"; }
            shown() { until_ "grep -aq '$1' '{{screen}}'"; }
            {
                ready; printf 'cluster mem\t\r'
                shown 'Count: 1 node'; ready; printf '\033[A\r'
                until_ "[ \$(grep -ac 'Count: 1 node' '{{screen}}') = 2 ]"; ready; printf 'cluster tail\r'
                shown ' UTC .*:[0-9]* up'; printf '\003'
                ready; printf 'exit\r'
            } | TERM=xterm script -qefc "exec env --default-signal=INT dotnet '{{EngineProcess.Program}}' pbm {{Address}}" '{{screen}}'
            """);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{Address}> cluster members", await File.ReadAllTextAsync(screen), StringComparison.Ordinal);
        Assert.Equal(["cluster members", "cluster tail", "exit"], await File.ReadAllLinesAsync(PbmPrompt.HistoryFile));
        File.Delete(screen);
        File.Delete(PbmPrompt.HistoryFile);
    }

    [Fact]
    public async Task The_address_of_the_page_has_a_code_that_is_good_once_with_the_user_s_rights()
    {
        var (code, output, _) = await RunAsync("page", Address);
        Assert.Equal(0, code);
        var address = new Uri(output.Trim());
        Assert.StartsWith("#code=", address.Fragment, StringComparison.Ordinal);
        using var http = new HttpClient();
        async Task<HttpResponseMessage> LoginAsync() => await http.PostAsync(
            new Uri(address, "/login"), new StringContent($$"""{"code": "{{address.Fragment["#code=".Length..]}}"}"""));
        using var session = JsonDocument.Parse(await (await LoginAsync()).Content.ReadAsStringAsync());
        Assert.Equal("act", session.RootElement.GetProperty("right").GetString());
        Assert.False((await LoginAsync()).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("akkajoin ", "chec", "check")]
    [InlineData("akkajoin check ", "--li", "--live")]
    [InlineData("akkajoin pbm ", "clus", "cluster cluster-sharding")]
    [InlineData("akkajoin pbm 127.0.0.1 : 9110 cluster ", "down", "down down-unreachable")]
    [InlineData("akkajoin pbm actor hierarchy ", "--d", "--depth")]
    [InlineData("akkajoin pbm help journal ", "s", "stats snapshots")]
    public async Task Bash_completes_verbs_options_and_commands(string before, string word, string expected)
    {
        var (_, script, _) = await RunAsync("completion", "bash");
        var words = string.Join(' ', before.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(word).Select(w => $"'{w}'"));
        var (code, output, error) = await ShellAsync(
            "",
            $"""
            set -u
            {script}
            complete -p akkajoin
            COMP_WORDS=({words}); COMP_CWORD=$(({"${#COMP_WORDS[@]}"} - 1)); _akkajoin; echo "{"${COMPREPLY[*]}"}"
            """);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["complete -o default -F _akkajoin akkajoin", expected], output.Trim().Split('\n'));
    }

    [Fact]
    public async Task PowerShell_gets_the_same_words()
    {
        var (code, script, _) = await RunAsync("completion", "powershell");
        Assert.Equal(0, code);
        Assert.Contains("'pbm cluster' = @('show', 'members', 'tail', 'leave', 'down', 'down-unreachable', 'help')", script, StringComparison.Ordinal);
        Assert.Equal(64, (await RunAsync("completion", "fish")).Code);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(args, output, error), output.ToString(), error.ToString());
    }

    static async Task<(int Code, string Output, string Error)> ShellAsync(string input, string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.StandardInput.WriteAsync(input);
        bash.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await bash.WaitForExitAsync(limit.Token);
        return (bash.ExitCode, await output, await error);
    }
}
