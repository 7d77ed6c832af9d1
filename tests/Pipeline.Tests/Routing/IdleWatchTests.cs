using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class IdleWatchTests
{
    const int TimeoutMs = 10_000;
    static readonly PartitionId Partition = new(Side.Left, 0, 0);
    readonly RecordedEffects _effects = new();
    Router _router;
    long _now = 1_000;
    long _read;
    byte _format = 3;
    IdlePolicy _policy = IdlePolicy.WallClock;

    public IdleWatchTests() => _router = Router();

    [Fact]
    public void A_partition_that_is_silent_for_the_timeout_and_at_its_log_s_end_is_claimed_idle_with_the_clock_before_the_question()
    {
        Read("a,5000,x");
        _effects.ClockMs = 77;
        Pass(TimeoutMs - 1_000);
        Assert.Empty(_effects.Asked);
        Pass(1_000);
        var (partitions, clock) = Assert.Single(_effects.Asked);
        Assert.Equal(77, clock);
        _effects.ClockMs = 99;
        Answer(partitions, clock, end: 1);
        var claim = Assert.Single(Claims());
        Assert.Equal((Partition, 1, TickKind.IdleWallClock, 77), (claim.Partition, claim.To, claim.Kind, claim.ClockMs));
        Assert.NotNull(_router.Status().Partitions[0].IdleSinceMs);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(-1)]
    public void It_is_not_claimed_where_the_log_ends_elsewhere_or_no_leader_answers(int end)
    {
        Read("a,5000,x");
        Pass(TimeoutMs);
        Answer(_effects.Asked[^1].Partitions, 5, end);
        Assert.Empty(Claims());

        // Without an answer the silence is counted anew.
        _effects.Asked.Clear();
        Pass(TimeoutMs / 2);
        Assert.Equal(end >= 0, _effects.Asked.Count > 0);
    }

    [Fact]
    public void A_record_above_the_watermark_ends_the_silence_and_neither_a_late_one_nor_a_dead_letter_does()
    {
        Read("a,5000,x");
        Pass(TimeoutMs / 2);
        Read("b,4900,y", "c,4000,z"); // the out-of-orderness is 100
        Pass(TimeoutMs - 1_000);
        Assert.Empty(_effects.Asked);
        Read("d,4899,late", "no record");
        _router.DeadLettersWritten(_effects.DeadLetters[0].Partition, _effects.DeadLetters[0].Generation, _now);
        Pass(1_000);
        Assert.Single(_effects.Asked);
    }

    [Fact]
    public void What_the_key_groups_have_not_acknowledged_is_no_silence()
    {
        Read("a,5000,x");
        _acknowledges = false;
        Read("b,5001,y");
        Pass(2 * TimeoutMs);
        Assert.Empty(_effects.Asked);
        _acknowledges = true;
        Pass(1_000);
        Assert.Single(_effects.Asked);
    }

    [Fact]
    public void Nothing_is_asked_where_the_policy_is_to_wait_or_a_node_of_an_older_format_is_there()
    {
        _format = 2;
        Read("a,5000,x");
        Pass(2 * TimeoutMs);
        Assert.Empty(_effects.Asked);
        Assert.All(_effects.ToAll.SelectMany(ticks => ticks.Ticks), tick => Assert.Equal(TickKind.Records, tick.Kind));
        _format = 3;
        Pass(1_000);
        Assert.Single(_effects.Asked);
    }

    [Fact]
    public void A_partition_that_is_paused_by_order_is_not_claimed_and_its_silence_begins_anew_when_it_is_read_on()
    {
        Read("a,5000,x");
        Pass(TimeoutMs);
        var (asked, clock) = Assert.Single(_effects.Asked);
        _router.Obey(new FlowOrder { Number = 1, Left = new SidePause(IsPaused: true) }, _now);
        Answer(asked, clock, end: 1);
        _effects.Asked.Clear();
        Pass(3 * TimeoutMs);
        Assert.Empty(_effects.Asked);
        Assert.Empty(Claims());
        Assert.Null(_router.Status().Partitions[0].IdleSinceMs);

        // An answer to a question from before the pause does not count either.
        _router.Obey(new FlowOrder { Number = 2 }, _now);
        Answer(asked, clock, end: 1);
        Assert.Empty(Claims());
        Pass(TimeoutMs - 1_000);
        Assert.Empty(_effects.Asked);
        Pass(2_000);
        Answer(_effects.Asked[^1].Partitions, clock, end: 1);
        Assert.Single(Claims());
    }

    [Fact]
    public void A_pause_between_question_and_answer_is_no_silence()
    {
        Read("a,5000,x");
        Pass(TimeoutMs);
        var (asked, clock) = Assert.Single(_effects.Asked);
        _router.Obey(new FlowOrder { Number = 1, Left = new SidePause(IsPaused: true) }, _now);
        _router.Obey(new FlowOrder { Number = 2 }, _now);
        Answer(asked, clock, end: 1);
        Assert.Empty(Claims());
    }

    [Fact]
    public void A_record_that_came_after_the_question_is_no_silence_however_long_the_answer_takes()
    {
        Read("a,5000,x");
        Pass(TimeoutMs);
        var (asked, clock) = Assert.Single(_effects.Asked);
        Read("b,6000,y");
        Pass(2 * TimeoutMs);
        Answer(asked, clock, end: 2);
        Assert.Empty(Claims());
        Pass(1_000);
        Answer(_effects.Asked[^1].Partitions, clock, end: 2);
        Assert.Single(Claims());
    }

    [Fact]
    public void Time_that_waits_at_a_jump_is_no_silence_and_a_jump_gets_the_clock_at_which_it_was_borne_out()
    {
        var jumps = new JumpLimit(1_000, 2 * TimeoutMs);
        _router = Router(jumps);
        _effects.ClockMs = 9_000;
        Read("a,5000,x");
        Pass(TimeoutMs + 5_000);
        Assert.Empty(_effects.Asked);
        Assert.DoesNotContain(_effects.ToAll.SelectMany(ticks => ticks.Ticks), tick => tick.ClockMs > SideWatermarks.None);
        _effects.ClockMs = 29_000;
        Pass(TimeoutMs);
        Assert.Equal((4_900, 29_000), LastTick());
        Assert.NotEmpty(_effects.Asked);

        // One of others' bearing out: the clock is that of the last witness.
        Read("b,90000,y");
        Pass(5_000);
        _effects.ClockMs = 95_000;
        Read([.. Enumerable.Range(0, jumps.WitnessesMin).Select(i => $"w{i},{90_000 + i},z")]);
        Assert.Equal((90_000 + jumps.WitnessesMin - 1 - 100, 95_000), LastTick());
    }

    [Fact]
    public void Where_the_policy_is_to_wait_nothing_is_claimed_and_clocks_are_told_for_a_policy_to_come()
    {
        _policy = IdlePolicy.Wait;
        _router = Router();
        Read("a,5000,x");
        Pass(3 * TimeoutMs);
        Assert.Empty(_effects.Asked);
        Assert.All(_effects.ToAll.SelectMany(ticks => ticks.Ticks), tick => Assert.Equal(TickKind.RecordsWithClock, tick.Kind));
    }

    [Fact]
    public void What_a_source_of_the_application_has_given_was_all_there_is_of_it()
    {
        Read("a,5000,x");
        Pass(3 * TimeoutMs);
        Answer(_effects.Asked[^1].Partitions, 5, end: 17);
        Assert.Empty(Claims());
        Pass(3 * TimeoutMs);
        Answer(_effects.Asked[^1].Partitions, 5, IdleWatch.NoLog);
        Assert.Equal(TickKind.IdleWallClock, Assert.Single(Claims()).Kind);
    }

    [Fact]
    public void An_excluded_partition_is_claimed_so()
    {
        _policy = IdlePolicy.Exclude;
        var router = Router();
        _now += TimeoutMs;
        router.TimePassed(_now);
        Answer(_effects.Asked[^1].Partitions, 5, end: 0, router);
        Assert.Equal(TickKind.IdleExclude, Assert.Single(Claims()).Kind);
    }

    [Fact]
    public void A_tick_brings_the_clock_of_the_watermark_and_for_a_backlog_the_record_s_timestamp_between_event_time_and_clock()
    {
        _effects.ClockMs = 9_000;
        Read("a,5000,x"); // it was at the log's end when the record came
        Assert.Equal((4_900, 9_000), LastTick());
        Pass(5_000);
        Read(false, "b,6000,y");
        _effects.ClockMs = 19_000;
        Pass(2_000);
        Read("c,7000,z"); // the timestamp of these records is 0: below the event time
        Assert.Equal((6_900, 7_000), LastTick());
        Pass(5_000);
        _effects.ClockMs = 20_000;
        Read("d,30000,w");
        Assert.Equal((29_900, 20_000), LastTick());
    }

    bool _acknowledges = true;

    Router Router(JumpLimit? jumps = null)
    {
        var settings = new RouterSettings(1, 100, new FlowSettings())
        {
            Idle = _policy,
            IdleTimeoutMs = TimeoutMs,
            FormatVersion = () => _format,
            Jumps = jumps,
        };
        var router = new Router(settings, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        router.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, 0, 1)], _now);
        router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(Partition, 0)]), _now);
        _effects.Sent.Clear();
        return router;
    }

    void Read(params string[] values) => Read(true, values);

    void Read(bool atEnd, params string[] values)
    {
        _router.Chunk(TextChunks.Of(0, 1, _read, values, atEnd), _now);
        _read += values.Length;
        Pass(500);
    }

    void Pass(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 50)
        {
            if (_acknowledges)
                _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(Partition, _read)]), _now);
            _router.TimePassed(_now);
        }
    }

    void Answer(IReadOnlyList<TopicPartitionGeneration> asked, long clockMs, long end, Router? router = null)
    {
        var ends = new Dictionary<(string Topic, int Partition), long>();
        if (end >= 0)
            ends[("t", 0)] = end;
        (router ?? _router).LogEndsAnswered(asked, ends, clockMs, _now);
    }

    List<Tick> Claims() => [.. _effects.ToAll.SelectMany(ticks => ticks.Ticks).Where(tick => tick.IsClaim)];

    (long Watermark, long ClockMs) LastTick()
    {
        var tick = _effects.ToAll.SelectMany(ticks => ticks.Ticks).Last(tick => !tick.IsClaim);
        return (tick.Watermark, tick.ClockMs);
    }
}
