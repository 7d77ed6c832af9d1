using System.Diagnostics;
using Akka.Actor;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Pipeline;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class NodeAskerTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    readonly TaskCompletionSource _never = new();
    TwoNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await TwoNodes.StartAsync();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Every_node_answers_each_with_what_it_knows()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        _nodes.Answer(_nodes.Second, Table("second"));
        var replies = await asker.AskAllAsync<Answer>("echo", new Question("hello", 0), CancellationToken.None);
        Assert.All(replies, reply => Assert.Null(reply.Problem));
        Assert.Equal(
            Addresses().Order(StringComparer.Ordinal),
            replies.Select(reply => reply.Node).Order(StringComparer.Ordinal));
        Assert.Equal(["first: hello", "second: hello"], replies.Select(reply => reply.Result!.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_answer_of_many_frames_comes_whole_and_one_above_the_limit_says_so()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        _nodes.Answer(_nodes.Second, Table("second"));
        var second = TwoNodes.Address(_nodes.Second);
        var large = await asker.AskAsync<Answer>(second, "echo", new Question("x", 1_000_000), CancellationToken.None);
        Assert.Equal(new string('x', 1_000_000), large.Result!.Text["second: ".Length..]);
        var tooLarge = await asker.AskAsync<Answer>(second, "echo", new Question("x", NodeAnswer.AnswerMax), CancellationToken.None);
        Assert.Contains("ask for less", tooLarge.Problem, StringComparison.Ordinal);
        Assert.False(tooLarge.IsMissing);
    }

    [Fact]
    public async Task A_node_that_hangs_is_missing_after_two_seconds_and_the_others_answer()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        _nodes.Answer(_nodes.Second, Hanging());
        await OneIsMissingAsync(asker);
    }

    [Fact]
    public async Task A_node_without_the_actor_is_missing_after_two_seconds() =>
        await OneIsMissingAsync(_nodes.Answer(_nodes.First, Table("first")));

    [Fact]
    public async Task A_node_that_leaves_while_it_is_asked_is_missing()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        _nodes.Answer(_nodes.Second, Hanging());
        var asked = OneIsMissingAsync(asker);
        await _nodes.Second.Terminate();
        await asked;
    }

    [Fact]
    public async Task An_unknown_question_and_one_that_fails_are_answered_with_what_is_wrong()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        var self = TwoNodes.Address(_nodes.First);
        var unknown = await asker.AskAsync<Answer>(self, "nothing", new Question("", 0), CancellationToken.None);
        Assert.StartsWith("this node knows no question 'nothing'", unknown.Problem, StringComparison.Ordinal);
        var failed = await asker.AskAsync<Answer>(self, "fails", new Question("why", 0), CancellationToken.None);
        Assert.Equal(("why", false), (failed.Problem, failed.IsMissing));
        var malformed = await asker.AskAsync<Answer>(self, "echo", "a text", CancellationToken.None);
        Assert.Contains("cannot be read", malformed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_gets_the_time_that_was_set_for_it()
    {
        var asker = _nodes.Answer(_nodes.First, Table("first"));
        _nodes.Answer(_nodes.Second, Hanging(NodeAsker.Timeout / 20));
        var reply = await asker.AskAsync<Answer>(TwoNodes.Address(_nodes.Second), "echo", new Question("", 0), CancellationToken.None);
        Assert.Equal(("the node has no answer in time", false), (reply.Problem, reply.IsMissing));
    }

    [Fact]
    public async Task A_stranger_gets_no_answer()
    {
        var asked = 0;
        var table = new NodeQuestionTable();
        table.Add<Question, Answer>("echo", (question, _) =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(new Answer(question.Text));
        });
        _nodes.Answer(_nodes.First, table);
        var asker = _nodes.Answer(_nodes.Second, Table("second"));
        var actor = _nodes.First.ActorSelection("/user/" + NodeActor.ActorName);
        actor.Tell(new NodeQuestion(1, "echo", "{\"text\":\"\",\"times\":0}"u8.ToArray()), new Stranger());

        // Messages keep their order: the stranger's was looked at before this one.
        await asker.AskAsync<Answer>(TwoNodes.Address(_nodes.First), "echo", new Question("", 0), CancellationToken.None);
        Assert.Equal(1, Volatile.Read(ref asked));
    }

    NodeQuestionTable Hanging(TimeSpan? timeout = null)
    {
        var table = new NodeQuestionTable();
        table.Add<Question, Answer>(
            "echo",
            async (_, stopping) =>
            {
                await _never.Task.WaitAsync(stopping);
                return new Answer("");
            },
            timeout);
        return table;
    }

    async Task OneIsMissingAsync(NodeAsker asker)
    {
        var started = Stopwatch.GetTimestamp();
        var replies = await asker.AskAllAsync<Answer>("echo", new Question("hello", 0), CancellationToken.None).WaitAsync(Patience);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, NodeAsker.Timeout + TimeSpan.FromSeconds(3));
        Assert.Equal("first: hello", Assert.Single(replies, reply => reply.Problem is null).Result!.Text);
        var missing = Assert.Single(replies, reply => reply.IsMissing);
        Assert.Equal(TwoNodes.Address(_nodes.Second).ToString(), missing.Node);
    }

    string[] Addresses() => [TwoNodes.Address(_nodes.First).ToString(), TwoNodes.Address(_nodes.Second).ToString()];

    static NodeQuestionTable Table(string name)
    {
        var table = new NodeQuestionTable();
        table.Add<Question, Answer>(
            "echo",
            (question, _) => Task.FromResult(
                new Answer($"{name}: {string.Concat(Enumerable.Repeat(question.Text, Math.Max(1, question.Times)))}")));
        table.Add<Question, Answer>("fails", (question, _) => throw new UserException(question.Text, 1));
        return table;
    }

    internal sealed record Question(string Text, int Times);

    internal sealed record Answer(string Text);

    /// <summary>An actor of a node that is no member.</summary>
    sealed class Stranger : MinimalActorRef
    {
        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka.tcp", "akkajoin", "10.0.0.9", 1)) / "user" / "stranger";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
