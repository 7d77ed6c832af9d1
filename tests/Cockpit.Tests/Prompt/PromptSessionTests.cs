using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Pipeline;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Prompt;

/// <summary>What lines of the prompt do on a node.</summary>
public sealed class PromptSessionTests : IAsyncLifetime
{
    readonly StringWriter _output = new();
    TestNode _node = null!;
    CockpitServer _server = null!;
    CockpitClient _client = null!;
    PromptSession _session = null!;

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
        _client = new CockpitClient(
            new NodeAddress("127.0.0.1", _server.Address!.Port, IsSecure: false), new ClientOptions(), TimeSpan.FromSeconds(30));
        _session = await PromptSession.OpenAsync(_client, isJson: false, _output, default);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Fact]
    public async Task The_node_lists_its_joins_and_commands_to_whoever_may_see_figures()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Address!.Port}") };
        using var listing = JsonDocument.Parse(await http.GetStringAsync("/api/v1/commands"));
        Assert.Equal("j", listing.RootElement.GetProperty("joins")[0].GetString());
        var leave = listing.RootElement.GetProperty("commands").EnumerateArray().Single(command =>
            (command.GetProperty("palette").GetString(), command.GetProperty("name").GetString()) == ("cluster", "leave"));
        Assert.Equal("act", leave.GetProperty("right").GetString());
        var address = leave.GetProperty("parameters")[0];
        Assert.Equal(("address", true), (address.GetProperty("name").GetString(), address.GetProperty("isPositional").GetBoolean()));
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/api/v1/commands");
        wrong.Headers.Add("Authorization", "Bearer 0123456789012345678901234");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(wrong)).StatusCode);
    }

    [Fact]
    public async Task Help_has_all_that_the_node_has_and_what_the_prompt_makes_of_it()
    {
        var help = await RunAsync("help");
        foreach (var command in _session.Parser.Commands)
            Assert.Contains($"  {command.Name} ", help, StringComparison.Ordinal);
        Assert.Contains("tail", await RunAsync("help cluster"), StringComparison.Ordinal);
        var down = await RunAsync("cluster help down");
        Assert.StartsWith("cluster down ADDRESS\n", down, StringComparison.Ordinal);
        Assert.Contains("Needs the right act.", down, StringComparison.Ordinal);
        Assert.Contains("--timeout", down, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_and_actors_and_shards_are_shown()
    {
        var self = Cluster.Get(_node.System).SelfAddress;
        Assert.Contains($"{self} | [] | up | reachable", await RunAsync("cluster members"), StringComparison.Ordinal);
        Assert.Contains("akkajoin-j", await RunAsync("cluster-sharding list"), StringComparison.Ordinal);
        Assert.Equal("no region tells of a key group\n", await RunAsync("cluster-sharding regions"));
        Assert.Contains("not started", await RunAsync("cluster-sharding entities j"), StringComparison.Ordinal);
        var user = await RunAsync("actor hierarchy /user --depth 1");
        Assert.StartsWith("/user (", user, StringComparison.Ordinal);
        Assert.Contains("\n  akkajoin", user, StringComparison.Ordinal);
        Assert.Contains("  system (", await RunAsync("actor hierarchy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_path_of_an_actor_is_known_too_and_one_that_is_not_there_is_named()
    {
        var self = Cluster.Get(_node.System).SelfAddress;
        var cluster = await RunAsync($"actor hierarchy {self}/system/cluster --depth 0");
        Assert.StartsWith("/system/cluster (", cluster, StringComparison.Ordinal);
        var mistake = await Assert.ThrowsAsync<UserException>(() => RunAsync("actor hierarchy /user/nobody"));
        Assert.Contains("there is no actor 'nobody' below /user", mistake.Message, StringComparison.Ordinal);
        Assert.Equal(64, mistake.ExitCode);
    }

    [Fact]
    public async Task No_more_than_a_thousand_actors_are_shown()
    {
        var parent = _node.System.ActorOf(Props.Create(() => new Parent(1_200)), "many");
        await parent.Ask<int>("ready", TimeSpan.FromSeconds(10));
        var tree = await RunAsync("actor hierarchy /user/many");
        Assert.Contains("There are more than these 1,000", tree, StringComparison.Ordinal);
        Assert.Equal(1_001, tree.Count(c => c == '\n'));
    }

    [Fact]
    public async Task The_journal_of_key_groups_that_do_not_run_is_unknown_and_the_exit_code_says_so()
    {
        var (code, stats) = await CodeAsync("journal stats");
        Assert.Equal(1, code);
        Assert.Contains("not started", stats, StringComparison.Ordinal);
        Assert.Contains("last event in it", await RunAsync("journal snapshots j"), StringComparison.Ordinal);
        var mistake = await Assert.ThrowsAsync<UserException>(() => RunAsync("journal stats x"));
        Assert.Contains("no join 'x'", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_node_s_answer_on_one_line()
    {
        using var members = JsonDocument.Parse(await RunAsync("cluster members --json"));
        Assert.Equal("up", members.RootElement.GetProperty("members")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_act_shows_the_user_s_token_and_names_members_where_the_address_is_none()
    {
        Assert.Equal("every member can be reached: nothing was done\n", await RunAsync("cluster down-unreachable"));
        var mistake = await Assert.ThrowsAsync<UserException>(() => RunAsync("cluster down 127.0.0.1:1"));
        var members = Cluster.Get(_node.System).SelfAddress;
        Assert.Contains($"'127.0.0.1:1' is no member; members are {members}", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_leaves_by_its_short_address()
    {
        var cluster = Cluster.Get(_node.System);
        var removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberRemoved(() => removed.TrySetResult());
        Assert.Equal($"{cluster.SelfAddress} leaves\n", await RunAsync($"cluster leave 127.0.0.1:{cluster.SelfAddress.Port}"));
        await removed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_members_are_followed_until_the_user_has_enough()
    {
        using var enough = new CancellationTokenSource();
        var tail = _session.RunAsync(_session.Parser.Parse("cluster tail"), enough.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_output.ToString().Contains(" up", StringComparison.Ordinal))
            await Task.Delay(10, limit.Token);
        await enough.CancelAsync();
        Assert.Equal(0, await tail);
    }

    [Fact]
    public async Task Exit_ends_the_prompt() => Assert.Null(await _session.RunAsync(_session.Parser.Parse("exit"), default));

    async Task<string> RunAsync(string line) => (await CodeAsync(line)).Output;

    async Task<(int? Code, string Output)> CodeAsync(string line)
    {
        _output.GetStringBuilder().Clear();
        var code = await _session.RunAsync(_session.Parser.Parse(line), default);
        return (code, _output.ToString());
    }

    sealed class Parent : ReceiveActor
    {
        public Parent(int children)
        {
            for (var i = 0; i < children; i++)
                Context.ActorOf(Props.Create(() => new Child()));
            ReceiveAny(_ => Sender.Tell(children));
        }
    }

    sealed class Child : ReceiveActor;
}
