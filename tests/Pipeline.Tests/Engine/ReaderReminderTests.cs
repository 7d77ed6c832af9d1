using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.RowReading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>What the log says while the reader in the application does not confirm rows.</summary>
public sealed class ReaderReminderTests
{
    readonly List<long> _said = [];
    long _cameAtMs;

    [Fact]
    public void It_says_that_rows_wait_after_30_s_and_then_every_five_minutes()
    {
        var reminder = Reminder();
        for (var nowMs = 0L; nowMs <= 700_000; nowMs += 1_000)
            reminder.Look(nowMs);
        Assert.Equal([30_000, 330_000, 630_000], _said);
    }

    [Fact]
    public void It_says_nothing_of_a_reader_that_confirms_and_no_more_than_every_five_minutes_of_one_that_is_slow()
    {
        var reminder = Reminder();
        for (var nowMs = 0L; nowMs <= 100_000; nowMs += 1_000)
        {
            _cameAtMs = nowMs - 29_999;
            reminder.Look(nowMs);
        }

        Assert.Empty(_said);
        for (var nowMs = 100_000L; nowMs <= 500_000; nowMs += 1_000)
        {
            _cameAtMs = nowMs - (nowMs % 40_000);
            reminder.Look(nowMs);
        }

        Assert.Equal([110_000, 430_000], _said);
    }

    ReaderReminder Reminder()
    {
        var now = 0L;
        return new ReaderReminder(
            nowMs => new UnreadRows(1, (now = nowMs) - _cameAtMs, HasReader: true), _ => _said.Add(now));
    }
}
