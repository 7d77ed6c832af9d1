using Akka.Event;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class EventTimeWatchTests : TestKit
{
    const long Clock = 1_700_000_000_000, Hour = 3_600_000;

    [Fact]
    public void A_record_more_than_an_hour_ahead_is_named_once_and_one_that_is_not_never()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var watch = new EventTimeWatch("a", Logging.GetLogger(Sys, "x"));
        NewestRecord[] newest = [new(Side.Left, "l", 3, 17, Clock + (5 * Hour)), new(Side.Right, "r", 0, 4, Clock + Hour), new(Side.Right, "r", 1, 9, long.MaxValue / 2048)];
        watch.Look(newest, Clock);
        watch.Look(newest, Clock);
        Assert.StartsWith("join a: the record l/3@17 has the event time 2023-11-15T03:13:20Z, 5 h ahead of the clock, and moves the left time", ExpectMsg<Warning>().Message.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("join a: the record r/1@9 has the event time 4503599627370495 ms since 1970, ", ExpectMsg<Warning>().Message.ToString(), StringComparison.Ordinal);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_clock_that_runs_ahead_is_told_once_for_each_hour_that_it_moves_a_partition()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var watch = new EventTimeWatch("a", Logging.GetLogger(Sys, "x"));
        for (var second = 0; second <= 3 * 3_600; second++)
            watch.Look([new NewestRecord(Side.Left, "l", 0, second, Clock + (2 * Hour) + (second * 1_000))], Clock + (second * 1_000));
        ExpectMsg<Warning>();
        ExpectMsg<Warning>(warning => Assert.Contains("l/0@3601", warning.Message.ToString(), StringComparison.Ordinal));
        ExpectMsg<Warning>();
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Seconds_that_are_read_as_milliseconds_are_told_once_a_side_with_the_key_to_correct()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var watch = new EventTimeWatch("a", Logging.GetLogger(Sys, "x"));
        NewestRecord[] newest = [new(Side.Left, "l", 3, 17, Clock / 1000), new(Side.Left, "l", 4, 2, Clock / 1000), new(Side.Right, "r", 0, 4, Clock)];
        watch.Look(newest, Clock);
        watch.Look(newest, Clock);
        var said = ExpectMsg<Warning>().Message.ToString();
        Assert.StartsWith("join a: the record l/3@17 has the event time 1970-01-20T16:13:20Z, and no record of its partition a later one", said, StringComparison.Ordinal);
        Assert.EndsWith("correct left.time-format.", said, StringComparison.Ordinal);
        ExpectNoMsg(TimeSpan.Zero);
    }
}
