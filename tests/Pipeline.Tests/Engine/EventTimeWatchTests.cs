using Akka.Event;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
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
        Assert.StartsWith("join a: the record l/3@17 has the event time 2023-11-15T03:13:20Z, 5 h ahead of the clock. It moves "
            + "the left watermark", ExpectMsg<Warning>().Message.ToString(), StringComparison.Ordinal);
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
    public void A_jump_is_told_once_a_partition_with_the_key_that_holds_time_back()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var watch = new EventTimeWatch("a", Logging.GetLogger(Sys, "x"));
        var jumped = new JumpedRecord(new NewestRecord(Side.Right, "r", 2, 9, Clock + (2 * Hour)), Clock);
        watch.Look([jumped]);
        watch.Look([jumped, jumped with { Record = jumped.Record with { Offset = 10 } }]);
        var said = ExpectMsg<Warning>().Message.ToString();
        Assert.StartsWith("join a: the record r/2@9 has the event time 2023-11-15T00:13:20Z, 7200 s above the highest time of its "
            + "partition on the right side: further than max-jump.", said, StringComparison.Ordinal);
        ExpectNoMsg(TimeSpan.Zero);
        watch.Look([jumped with { Record = jumped.Record with { Partition = 3 } }]);
        ExpectMsg<Warning>();
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
        Assert.StartsWith("join a: the record l/3@17 has the event time 1970-01-20T16:13:20Z, and no record of its partition "
            + "has a later one", said, StringComparison.Ordinal);
        Assert.EndsWith("correct left.time-format; min-time makes dead letters of such records.", said, StringComparison.Ordinal);
        ExpectNoMsg(TimeSpan.Zero);
    }
}
