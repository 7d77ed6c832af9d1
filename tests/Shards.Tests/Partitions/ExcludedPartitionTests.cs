using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Partitions;
using Xunit;

namespace AkkaJoin.Shards.Tests.Partitions;

/// <summary>With <c>exclude</c> a partition is left out until its next record, over a pause too.</summary>
public sealed class ExcludedPartitionTests
{
    static readonly TimeRules Rules = new(IdlePolicy.Exclude, TimeoutMs: 10, MaxOutOfOrdernessMs: 0, SpanMs: 0);
    static readonly PartitionId Live = new(Side.Left, 0, 0), Silent = new(Side.Left, 0, 1);
    readonly PartitionClocks _clocks = new();

    [Fact]
    public void A_pause_tells_a_key_group_nothing_so_the_partition_stays_left_out_until_its_next_record()
    {
        Tell(Live, offset: 5, watermark: 50);
        Tell(Silent, offset: 3, watermark: 30);
        Assert.Equal(30, _clocks.Times.Left);
        _clocks.Claim(new Tick(Silent, 2, 0, 3, 30, 1, TickKind.IdleExclude, 1_000), Rules);
        Tell(Live, offset: 6, watermark: 60);
        Assert.Equal(60, _clocks.Times.Left);

        // The side is paused and resumed. Ticks repeat what is known; the live partition is read on first.
        Tell(Silent, offset: 3, watermark: 30);
        Tell(Live, offset: 9, watermark: 90);
        Assert.Equal(90, _clocks.Times.Left);

        // What came to it during the pause is late; time does not go back, and waits for it from here on.
        Tell(Silent, offset: 4, watermark: 70);
        Tell(Live, offset: 10, watermark: 100);
        Assert.Equal(90, _clocks.Times.Left);
        Tell(Silent, offset: 5, watermark: 95);
        Assert.Equal(95, _clocks.Times.Left);
    }

    [Fact]
    public void A_silence_that_began_before_a_wake_leaves_no_partition_out()
    {
        Tell(Live, offset: 5, watermark: 50);
        Tell(Silent, offset: 3, watermark: 30);
        _clocks.Obey(TimeHold.Of(new TimeOrder(1, IsAtRest: true, 0)));
        _clocks.Obey(TimeHold.Of(new TimeOrder(2, IsAtRest: false, ClockMs: 1_000)));
        Claim(clockMs: 1_009);
        Tell(Live, offset: 6, watermark: 60);
        Assert.Equal(30, _clocks.Times.Left);
        Claim(clockMs: 1_010);
        Tell(Live, offset: 7, watermark: 70);
        Assert.Equal(70, _clocks.Times.Left);

        void Claim(long clockMs) => _clocks.Claim(new Tick(Silent, 2, 0, 3, 30, 1, TickKind.IdleExclude, clockMs), Rules);
    }

    [Fact]
    public void Where_the_policy_becomes_wall_clock_a_partition_that_was_left_out_is_where_the_clock_has_moved_it()
    {
        Tell(Live, offset: 5, watermark: 50);
        _clocks.Raise(Silent, 2, 3, 30, 1_000);
        Claim(Rules, TickKind.IdleExclude, 1_020);
        Claim(Rules, TickKind.IdleExclude, 90_010);
        var wallClock = Rules with { Policy = IdlePolicy.WallClock };
        Claim(wallClock, TickKind.IdleWallClock, 90_011);
        Tell(Live, offset: 6, watermark: 1_000_000);
        Assert.Equal(30 + 90_011 - 10 - 1_000, _clocks.Times.Left);

        void Claim(in TimeRules rules, TickKind kind, long clockMs) =>
            _clocks.Claim(new Tick(Silent, 2, 0, 3, 30, 1, kind, clockMs), rules);
    }

    void Tell(PartitionId partition, long offset, long watermark)
    {
        _clocks.Raise(partition, 2, offset, watermark);
        _clocks.UpdateTimes(Rules, static () => (long.MaxValue, long.MaxValue));
    }
}
