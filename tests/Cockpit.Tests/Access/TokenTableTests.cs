using Akka.Event;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Access;

/// <summary>Tokens in files: which are taken, and when a change counts.</summary>
public sealed class TokenTableTests : IDisposable
{
    const string First = "first-token-of-this-test", Second = "second-token-of-this-test";
    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-token").FullName;
    readonly TestTime _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_token_that_changes_is_read_again_without_a_restart()
    {
        var file = Write(First);
        var table = new TokenTable([new AdminGrant("ops", AdminRight.Data, file)], _time, NoLogger.Instance);
        Assert.Equal(new Caller("ops", AdminRight.Data), table.Find(First));
        Assert.Null(table.Find(Second));
        File.WriteAllText(file, Second);
        _time.Advance(TokenTable.LookEvery);
        Assert.NotNull(table.Find(Second));
        Assert.Null(table.Find(First));
    }

    [Fact]
    public void Whoever_came_with_a_token_that_was_replaced_is_nobody_and_one_that_was_only_touched_stays()
    {
        var file = Write(First);
        var table = new TokenTable([new AdminGrant("ops", AdminRight.Act, file)], _time, NoLogger.Instance);
        var caller = table.Find(First)!;
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        _time.Advance(TokenTable.LookEvery);
        Assert.False(table.IsReplaced(caller));
        File.WriteAllText(file, Second);
        _time.Advance(TokenTable.LookEvery);
        Assert.True(table.IsReplaced(caller));
        Assert.False(table.IsReplaced(table.Find(Second)!));
        Assert.False(table.IsReplaced(Caller.Loopback));
    }

    [Fact]
    public void A_token_whose_file_is_gone_stays_good_until_it_is_there_again()
    {
        var file = Write(First);
        var table = new TokenTable([new AdminGrant("ops", AdminRight.Act, file)], _time, NoLogger.Instance);
        File.Delete(file);
        _time.Advance(TokenTable.LookEvery);
        Assert.NotNull(table.Find(First));
        Write(Second);
        _time.Advance(TokenTable.LookEvery);
        Assert.NotNull(table.Find(Second));
    }

    [Theory]
    [InlineData("short", "a token has 22 to 512 visible characters")]
    [InlineData("with a space in between the words", "visible characters")]
    [InlineData("", "a token has 22")]
    public void A_file_without_a_token_is_refused_by_its_name(string text, string expected)
    {
        var file = Write(text);
        var refused = Assert.Throws<UserException>(() => Token.TextOf(file, "ops"));
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        var file = Write(First);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var refused = Assert.Throws<UserException>(() => Token.TextOf(file, "ops"));
        Assert.Contains($"others can read it: chmod 600 {file}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_local_token_is_made_once_and_is_its_owner_s_alone()
    {
        var file = Path.Combine(_directory, "made", "admin.token");
        Assert.Equal(new AdminGrant("local", AdminRight.Act, file), LocalToken.Make(file, NoLogger.Instance));
        var text = Token.TextOf(file, "local");
        LocalToken.Make(file, NoLogger.Instance);
        Assert.Equal(text, Token.TextOf(file, "local"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Where_there_is_no_place_for_the_local_token_the_node_has_none() =>
        Assert.Null(LocalToken.Make("/proc/nowhere/admin.token", NoLogger.Instance));

    [Fact]
    public void Sessions_and_codes_end_in_time()
    {
        var sessions = new Sessions(_time);
        var session = sessions.Open(Caller.Loopback);
        var code = sessions.MakeCode(Caller.Loopback);
        _time.Advance(Sessions.CodeLife);
        Assert.Null(sessions.Redeem(code));
        Assert.NotNull(sessions.Find(session));
        _time.Advance(Sessions.SessionLife);
        Assert.Null(sessions.Find(session));
    }

    [Fact]
    public void Sessions_are_limited_and_the_oldest_goes()
    {
        var sessions = new Sessions(_time);
        var first = sessions.Open(Caller.Loopback);
        for (var i = 0; i < Sessions.Max; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            sessions.Open(Caller.Loopback);
        }

        Assert.Null(sessions.Find(first));
    }

    [Fact]
    public void Failures_count_for_a_minute_and_for_each_sender()
    {
        var limit = new FailureLimit(_time);
        for (var i = 0; i < FailureLimit.PerSender; i++)
            Assert.Equal(i == 0, limit.Count("a"));
        Assert.False(limit.Allows("a"));
        Assert.True(limit.Allows("b"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(limit.Allows("a"));
    }

    string Write(string text)
    {
        var file = Path.Combine(_directory, "token");
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
