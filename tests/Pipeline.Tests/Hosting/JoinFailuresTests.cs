using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Hosting;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hosting;

public sealed class JoinFailuresTests : TestKit
{
    static readonly Exception Reason = new UserException("no journal", 1);

    public JoinFailuresTests() => Sys.EventStream.Subscribe(TestActor, typeof(Error));

    [Fact]
    public void A_reason_that_stops_several_joins_is_logged_once()
    {
        new JoinFailures(null).Report(Sys, ["a", "b"], Reason);

        Assert.Equal("join a, b cannot go on: no journal", ExpectMsg<Error>().Message.ToString());
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void An_application_is_told_of_each_join()
    {
        var told = new List<string>();
        new JoinFailures((join, reason) => told.Add($"{join}: {reason.Message}")).Report(Sys, ["a", "b"], Reason);

        Assert.Equal(["a: no journal", "b: no journal"], told);
    }

    [Fact]
    public void An_application_whose_method_fails_finds_both_in_the_log()
    {
        new JoinFailures((_, _) => throw new InvalidOperationException("oh")).Report(Sys, "a", Reason);

        Assert.Equal("join a cannot go on: no journal", ExpectMsg<Error>().Message.ToString());
        Assert.Equal("oh", ExpectMsg<Error>().Cause.Message);
    }
}
