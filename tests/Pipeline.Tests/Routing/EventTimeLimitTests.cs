using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>Event times that a join does not take: a router judges them, by the join's clock.</summary>
public sealed class EventTimeLimitTests
{
    const long Hour = 3_600_000;
    const long Noon = 1_800_000_000_000;
    readonly RecordedEffects _effects = new() { ClockMs = Noon };
    readonly Router _router;
    long _position;

    public EventTimeLimitTests()
    {
        var settings = new RouterSettings(1, 0, new FlowSettings()) { Times = new EventTimeLimits(Hour, Noon - (24 * Hour)) };
        _router = new Router(settings, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        _router.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, 100, 1)], 1_000);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 0)]), 1_000);
    }

    [Fact]
    public void A_record_beyond_the_limit_is_a_dead_letter_that_says_by_how_much_and_never_moves_time()
    {
        Read($"a,{Noon + Hour + 1},x");
        Assert.Equal(SideWatermarks.None, Watermark);
        Assert.Equal(new SideFates(0, 1, 0), Fates);
        var letter = Assert.Single(_effects.Letters);
        Assert.Equal(DeadLetterReasons.TimeAhead, letter.Reason);
        Assert.Equal(
            "the event time 2027-01-15T09:00:00.001Z is 1 h ahead of the join's clock; max-ahead-of-wall-clock is 1 h",
            letter.Detail);
    }

    [Fact]
    public void A_record_at_the_limit_joins_and_moves_time_as_ever()
    {
        Read($"a,{Noon + Hour},x");
        Assert.Equal(Noon + Hour, Watermark);
        Assert.Equal(new SideFates(1, 0, 0), Fates);
    }

    [Fact]
    public void A_record_below_min_time_is_a_dead_letter_and_one_at_it_is_not()
    {
        Read($"a,{Noon - (24 * Hour) - 1},x", $"a,{Noon - (24 * Hour)},y", "a,0,z");
        Assert.Equal(new SideFates(1, 2, 0), Fates);
        Assert.Equal(Noon - (24 * Hour), Watermark);
        Assert.All(_effects.Letters, letter => Assert.Equal(DeadLetterReasons.TimeBehind, letter.Reason));
        Assert.Equal(
            "the event time 1970-01-01T00:00:00.000Z is 20832 d below min-time, 2027-01-14T08:00:00.000Z", _effects.Letters[1].Detail);
    }

    [Fact]
    public void A_filtered_record_stays_filtered_and_its_time_does_not_count_where_it_is_not_taken()
    {
        Read($"out,{Noon + Hour + 1},x", "out", $"out,{Noon},x", "out,5,x");
        Assert.Equal(new SideFates(0, 0, 4), Fates);
        Assert.Equal(Noon, Watermark);
    }

    [Fact]
    public void A_record_is_judged_when_it_is_read_so_what_was_refused_once_may_be_taken_later()
    {
        Read($"a,{Noon + Hour + 5},x");
        _router.DeadLettersWritten(_effects.DeadLetters[0].Partition, 1, 1_000);
        _effects.ClockMs += 5;
        Read($"a,{Noon + Hour + 5},y");
        Assert.Equal(new SideFates(1, 1, 0), Fates);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clock_that_jumps_by_an_hour_changes_nothing_for_data_that_flows(bool isTheDatabases)
    {
        var (timerMs, trueMs, wallMs) = (0L, Noon, Noon);
        var clock = new JoinClock(() => timerMs, () => wallMs);
        foreach (var jump in new[] { 0, Hour, -Hour, -Hour, Hour, 0 })
        {
            wallMs += jump;
            for (var second = 0; second < 40; second++)
            {
                (timerMs, trueMs, wallMs) = (timerMs + 1_000, trueMs + 1_000, wallMs + 1_000);
                if (second % 30 == 0)
                    clock.Answered(isTheDatabases ? wallMs : trueMs, clock.Ask());
                _effects.ClockMs = clock.NowMs;

                // A record takes half a second to the router.
                Read(1_000 + timerMs, $"a,{trueMs - 500},x");
                Assert.Equal(trueMs - 500, Watermark);
            }
        }

        Assert.Empty(_effects.Letters);
    }

    [Fact]
    public void A_time_that_has_no_date_is_shown_as_a_number()
    {
        var decoded = new DecodedRecord { Time = Shards.TimeLimits.Max };
        Assert.False(new EventTimeLimits(Hour, null).TryAllow(decoded, Noon));
        Assert.StartsWith("the event time 9007199254740991 ms since 1970 is ", decoded.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_limits_every_time_is_taken()
    {
        Assert.True(EventTimeLimits.None.Allow(Shards.TimeLimits.Max, 0));
        Assert.True(EventTimeLimits.None.Allow(Shards.TimeLimits.Min, Noon));
    }

    long Watermark => Assert.Single(Assert.Single(_router.Status().Partitions).Watermarks).Watermark;

    SideFates Fates => _router.Status().Left;

    void Read(params string[] values) => Read(1_000, values);

    void Read(long nowMs, params string[] values)
    {
        _router.Chunk(TextChunks.Of(0, 1, _position, values), nowMs);
        _position += values.Length;
    }
}
