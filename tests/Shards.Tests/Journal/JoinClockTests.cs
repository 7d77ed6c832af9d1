using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Tests.Databases;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>The clock by which the joins of a journal go.</summary>
public sealed class JoinClockTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    const long Hour = 3_600_000;
    const long Noon = 1_800_000_000_000;
    long _timerMs = 500;
    long _wallMs = Noon + 7;

    JoinClock New() => new(() => _timerMs, () => _wallMs);

    [Fact]
    public void Before_the_first_reading_it_is_this_machine_s_clock() => Assert.Equal(Noon + 7, New().NowMs);

    [Fact]
    public void Between_two_readings_the_timer_carries_it_on_whatever_this_machine_s_clock_does()
    {
        var clock = New();
        clock.Answered(Noon, clock.Ask());
        foreach (var jump in new[] { Hour, -Hour, 24 * Hour })
        {
            _wallMs += jump;
            _timerMs += 10;
        }

        Assert.Equal(Noon + 30, clock.NowMs);
    }

    [Fact]
    public void The_database_tells_its_clock_in_the_middle_between_question_and_answer()
    {
        var clock = New();
        var asked = clock.Ask();
        _timerMs += 400;
        clock.Answered(Noon, asked);
        Assert.Equal(Noon + 200, clock.NowMs);
    }

    [Fact]
    public void An_answer_that_took_too_long_is_not_taken_where_there_is_a_better_one()
    {
        var clock = New();
        clock.Answered(Noon, clock.Ask());
        var asked = clock.Ask();
        _timerMs += JoinClock.AnswerMsMax + 1;
        clock.Answered(Noon + Hour, asked);
        Assert.Equal(Noon + JoinClock.AnswerMsMax + 1, clock.NowMs);
    }

    [Fact]
    public void A_reading_below_it_lets_it_stand_until_the_reading_has_come_up()
    {
        var clock = New();
        clock.Answered(Noon, clock.Ask());
        _timerMs += 30_000;
        Assert.Equal(Noon + 30_000, clock.NowMs);
        clock.Answered(Noon + 29_000, clock.Ask());
        Assert.Equal(Noon + 30_000, clock.NowMs);
        _timerMs += 1_500;
        Assert.Equal(Noon + 30_500, clock.NowMs);
    }

    [Fact]
    public void A_time_that_is_none_is_refused_and_the_clock_goes_on()
    {
        var clock = New();
        clock.Answered(Noon, clock.Ask());
        Assert.Throws<JournalException>(() => clock.Answered(long.MaxValue, clock.Ask()));
        Assert.Throws<JournalException>(() => clock.Answered(-1, clock.Ask()));
        _timerMs += 5;
        Assert.Equal(Noon + 5, clock.NowMs);
    }

    [Fact]
    public void A_difference_of_more_than_a_second_is_told_once_each_time_that_it_begins()
    {
        var clock = New();
        Assert.False(clock.TryTellDifference());
        _wallMs = Noon + 1_000;
        clock.Answered(Noon, clock.Ask());
        Assert.False(clock.TryTellDifference());
        _wallMs = Noon - 1_001;
        clock.Answered(Noon, clock.Ask());
        Assert.Equal(-1_001, clock.DifferenceMs);
        Assert.True(clock.TryTellDifference());
        Assert.False(clock.TryTellDifference());
        _wallMs = Noon;
        clock.Answered(Noon, clock.Ask());
        Assert.False(clock.TryTellDifference());
        _wallMs = Noon + Hour;
        clock.Answered(Noon, clock.Ask());
        Assert.True(clock.TryTellDifference());
    }

    [Fact]
    public void One_of_several_joins_reads_it_once_an_interval()
    {
        var clock = New();
        clock.ReadIntervalMs = 30_000;
        Assert.True(clock.TryBeginReading());
        Assert.False(clock.TryBeginReading());
        _timerMs += 29_999;
        Assert.False(clock.TryBeginReading());
        _timerMs++;
        Assert.True(clock.TryBeginReading());
    }

    [Fact]
    public void It_never_goes_back_whatever_is_read() => Seeds.Check(200, (random, _) =>
    {
        var clock = New();
        var before = clock.NowMs;
        for (var step = 0; step < 200; step++)
        {
            _wallMs += random.NextInt64(-Hour, Hour);
            var asked = clock.Ask();
            _timerMs += random.Next(2) == 0 ? random.Next(5) : random.Next(5_000);
            if (random.Next(3) > 0)
                clock.Answered(Noon + random.NextInt64(-Hour, Hour), asked);
            Assert.True(clock.NowMs >= before, $"step {step}");
            before = clock.NowMs;
        }
    });

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task It_is_read_from_the_database(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await database.Journal.ReadClockAsync(CancellationToken.None);
        var now = database.Journal.Clock.NowMs;
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(now, before - 500, after + 500); // half of what the question took
        Assert.InRange(database.Journal.Clock.DifferenceMs!.Value, -500, 500);
    }

    [Fact]
    public void A_database_that_does_not_answer_is_told_once_and_the_clock_goes_on()
    {
        var clock = New();
        clock.Answered(Noon, clock.Ask());
        Assert.True(clock.TryTellSilence());
        Assert.False(clock.TryTellSilence());
        _timerMs += 20;
        Assert.Equal(Noon + 20, clock.NowMs);
        clock.Answered(Noon + 20, clock.Ask());
        Assert.True(clock.TryTellSilence());
    }
}
