using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Prompt;

/// <summary>What is told of the members while they are followed.</summary>
public sealed class MembershipTailTests
{
    static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void At_first_each_member_is_told_as_it_is() => Assert.Equal(
        ["a up", "b joining", "c up", "c unreachable"],
        Changes([], [Member("a", "up"), Member("b", "joining"), Member("c", "up", reachable: false)]));

    [Fact]
    public void Then_changes_alone_are() => Assert.Equal(
        ["b leaving", "c reachable", "d joining", "e removed"],
        Changes(
            [Member("a", "up"), Member("b", "up"), Member("c", "up", reachable: false), Member("e", "exiting")],
            [Member("a", "up"), Member("b", "leaving"), Member("c", "up"), Member("d", "joining")]));

    [Fact]
    public async Task A_node_that_does_not_answer_is_told_once_and_followed_again_when_it_does()
    {
        IReadOnlyList<MemberReport>?[] answers = [[Member("a", "up")], null, null, [Member("a", "up"), Member("b", "up")]];
        var next = 0;
        using var output = new StringWriter();
        var tail = new MembershipTail(
            () => answers[next++] is { } members ? Task.FromResult(members) : throw new UserException("no node answers", 1),
            isJson: false,
            output,
            new TestTime());
        foreach (var _ in answers)
            await tail.LookAsync();
        var lines = output.ToString().TrimEnd().Split('\n')
            .Select(line => line[(line.IndexOf(' ') + 1)..].Replace("UTC ", "", StringComparison.Ordinal));
        Assert.Equal(["a up", "node answers", "b up"], lines);
    }

    [Fact]
    public async Task A_node_that_never_answered_is_a_failure()
    {
        using var output = new StringWriter();
        var tail = new MembershipTail(() => throw new UserException("no node answers", 1), isJson: false, output, new TestTime());
        await Assert.ThrowsAsync<UserException>(tail.LookAsync);
    }

    [Fact]
    public async Task Json_is_an_object_a_line()
    {
        using var output = new StringWriter();
        await new MembershipTail(
            () => Task.FromResult<IReadOnlyList<MemberReport>>([Member("a", "up")]), isJson: true, output, new TestTime()).LookAsync();
        Assert.EndsWith("\"address\":\"a\",\"change\":\"up\"}\n", output.ToString(), StringComparison.Ordinal);
    }

    static IEnumerable<string> Changes(IReadOnlyList<MemberReport> before, IReadOnlyList<MemberReport> now) =>
        MembershipTail.Changes(before, now, At).Select(change => $"{change.Address} {change.Change}");

    static MemberReport Member(string address, string status, bool reachable = true) =>
        new(address, [], [], status, reachable, "1", IsSelf: false, IsLeader: false, IsOldest: false);
}
