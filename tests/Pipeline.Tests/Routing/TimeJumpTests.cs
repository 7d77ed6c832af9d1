using System.Globalization;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>With max-jump a record that jumps ahead moves time only when others bear it out.</summary>
public sealed class TimeJumpTests
{
    const long Jump = 1_000;
    const long Silence = 60_000;
    const long Far = 1_000_000;

    // As the documentation promises it, and not as the code has it: see docs/semantics.md.
    const int Witnesses = 100;

    readonly RecordedEffects _effects = new();
    readonly Router _router;
    long _position;
    long _now = 1_000;

    public TimeJumpTests()
    {
        var settings = new RouterSettings(1, 0, new FlowSettings()) { Jumps = new JumpLimit(Jump, Silence) };
        _router = new Router(settings, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        _router.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, 100, 1)], _now);
        Acknowledge(0);
    }

    [Fact]
    public void The_first_record_moves_time_only_with_a_hundred_more_near_it()
    {
        Read(Witnesses, 5_000);
        Assert.Equal(SideWatermarks.None, Watermark);
        Read(1, 5_700);
        Assert.Equal(5_700, Watermark);
    }

    [Fact]
    public void A_jump_joins_at_once_and_the_next_record_near_the_old_time_ends_it()
    {
        Read(101, 5_000);
        Read(Witnesses, Far);
        Read(1, 5_001);
        Read(1, Far);
        Assert.Equal(5_001, Watermark);
        Assert.Equal(203, _router.Status().Left.Routed);
        Assert.Equal(new JumpedRecord(new NewestRecord(Side.Left, "t", 0, 202, Far), 5_001), Assert.Single(_router.Jumped()));
    }

    [Fact]
    public void A_hundred_records_near_a_jump_move_time_to_the_highest_of_them()
    {
        Read(101, 5_000);
        Read(50, Far);
        Read(50, Far - Jump);
        Read(1, Far + Jump);
        Assert.Equal(Far + Jump, Watermark);
    }

    [Fact]
    public void A_record_further_ahead_does_not_count_and_one_further_below_takes_the_place()
    {
        Read(101, 5_000);
        Read(1, Far);
        Read(500, 2 * Far);
        Assert.Equal(5_000, Watermark);
        Read(1, Far - Jump - 1);
        Read(Witnesses - 1, Far - Jump - 1);
        Assert.Equal(5_000, Watermark);
        Read(1, Far - Jump - 1);
        Assert.Equal(Far - Jump - 1, Watermark);
    }

    [Fact]
    public void At_the_limit_a_record_is_no_jump()
    {
        Read(101, 5_000);
        Read(1, 5_000 + Jump);
        Assert.Equal(5_000 + Jump, Watermark);
        Read(1, 5_001 + (2 * Jump));
        Assert.Equal(5_000 + Jump, Watermark);
    }

    [Fact]
    public void Time_that_comes_near_a_jump_takes_it_in()
    {
        Read(101, 5_000);
        Read(1, 6_500);
        Read(1, 5_499);
        Assert.Equal(5_499, Watermark); // more than max-jump below it
        Read(1, 6_500);
        Read(1, 5_500);
        Assert.Equal(6_500, Watermark);
    }

    [Fact]
    public void Left_alone_for_idle_timeout_at_the_log_end_it_moves_time_and_ticks_say_so_until_records_come()
    {
        Read(1, 5_000, atEnd: true);
        Pass(10_000);
        Acknowledge(1);
        _effects.ToAll.Clear();
        Pass(Silence - 10_100);
        Assert.Equal(SideWatermarks.None, Watermark);
        Pass(200);
        Assert.Equal(5_000, Watermark);
        Pass(30_000);
        var ticks = _effects.ToAll.SelectMany(t => t.Ticks).Where(t => t.Watermark == 5_000).ToList();
        Assert.True(ticks.Count > 1, "a tick may be lost");
        Assert.All(ticks, tick => Assert.Equal(1, tick.To));
    }

    [Fact]
    public void A_partition_that_is_behind_is_not_silent()
    {
        Read(1, 5_000);
        Pass(3 * Silence);
        Assert.Equal(SideWatermarks.None, Watermark);
    }

    [Fact]
    public void A_partition_that_is_read_again_begins_anew()
    {
        var jumps = new TimeJumps(new JumpLimit(Jump, Silence));
        Assert.Null(jumps.See(TimeJumps.NoTime, Far, 0, 0));
        jumps.Begin(AppliedTime.None);
        Assert.Null(jumps.Waiting);
        Assert.Null(jumps.TimePassed(true, 10 * Silence));
    }

    [Fact]
    public void After_a_restart_time_goes_on_from_the_journal_and_a_jump_is_one_by_it()
    {
        Restart(new AppliedTime(40_000, AppliedOffset: 200), offset: 200);
        Read(1, 40_900);
        Assert.Equal(40_900, Watermark);
        Read(1, Far);
        Read(1, 40_950);
        Assert.Equal(40_950, Watermark);
        Assert.Equal(new JumpedRecord(new NewestRecord(Side.Left, "t", 0, 201, Far), 40_900), Assert.Single(_router.Jumped()));
    }

    [Fact]
    public void After_a_restart_a_first_record_far_ahead_is_a_jump()
    {
        Restart(new AppliedTime(40_000, AppliedOffset: 200), offset: 200);
        Read(1, Far);
        Read(1, 39_500);
        Assert.Equal(39_500, Watermark);
        Assert.Equal(new JumpedRecord(new NewestRecord(Side.Left, "t", 0, 200, Far), 40_000), Assert.Single(_router.Jumped()));
    }

    [Fact]
    public void Below_the_offset_of_the_journaled_time_records_are_judged_as_if_nothing_was_known()
    {
        Restart(new AppliedTime(40_000, AppliedOffset: 210), offset: 200);
        Read(9, 5_000);
        Assert.Equal(SideWatermarks.None, Watermark);
        Read(1, 40_000);
        Assert.Equal(SideWatermarks.None, Watermark);
        Read(1, 40_001);
        Assert.Equal(40_001, Watermark);
    }

    [Fact]
    public void A_jump_that_waits_where_the_journaled_time_begins_to_count_is_over_when_it_lies_near_that()
    {
        Restart(new AppliedTime(40_000, AppliedOffset: 201), offset: 200);
        Read(1, 39_000);
        Assert.Equal(SideWatermarks.None, Watermark);
        Read(1, Far);
        Assert.Equal(39_000, Watermark);
    }

    [Fact]
    public void Of_several_groups_the_one_that_is_furthest_behind_says_how_far_time_was()
    {
        var settings = new RouterSettings(3, 0, new FlowSettings()) { Jumps = new JumpLimit(Jump, Silence) };
        var router = new Router(settings, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], new RecordedEffects());
        Start(router, 200, new AppliedTime(90_000, 240), new AppliedTime(40_000, 200), new AppliedTime(80_000, 220));
        router.Chunk(TextChunks.Of(0, 1, 200, ["a,40900,i0", "a,80000,i1"], atEnd: false), _now);
        Assert.Equal(40_900, Assert.Single(Assert.Single(router.Status().Partitions).Watermarks).Watermark);
    }

    [Fact]
    public void Where_one_group_knows_no_time_the_first_record_is_a_jump()
    {
        var settings = new RouterSettings(2, 0, new FlowSettings()) { Jumps = new JumpLimit(Jump, Silence) };
        var router = new Router(settings, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], new RecordedEffects());
        Start(router, 200, new AppliedTime(40_000, 200), new AppliedTime(SideWatermarks.None, 200));
        router.Chunk(TextChunks.Of(0, 1, 200, ["a,40000,i0"], atEnd: false), _now);
        Assert.Equal(SideWatermarks.None, Assert.Single(Assert.Single(router.Status().Partitions).Watermarks).Watermark);
    }

    [Fact]
    public void A_partition_of_which_nothing_was_read_has_no_journaled_time()
    {
        // A new partition of a topic begins at the time of its side.
        Restart(new AppliedTime(40_000, AppliedOffset: 100), offset: 100);
        Read(1, 40_000);
        Assert.Equal(SideWatermarks.None, Watermark);
    }

    [Fact]
    public void Against_brute_force() => Seeds.Check(400, (random, _) =>
    {
        var jumps = new TimeJumps(new JumpLimit(Jump, Silence));
        var seen = new List<(long Time, long AtMs)>();
        var all = new List<(long Time, long AtMs)>();
        var (highest, model, now) = (TimeJumps.NoTime, TimeJumps.NoTime, 0L);
        long[] places = [0, Jump / 2, Jump, Jump + 1, 2 * Jump, 3 * Jump, Far, Far + Jump, 2 * Far];
        for (var step = 0; step < 400;)
        {
            // Runs at one place, so that a hundred come together at times.
            var place = places[random.Next(places.Length)];
            for (var run = random.Next(4) == 0 ? random.Next(90, 220) : random.Next(1, 4); run > 0; run--, step++)
            {
                now += random.Next(60) == 0 ? random.NextInt64(Silence / 2, 2 * Silence) : random.Next(20);
                var before = highest;
                if (jumps.TimePassed(true, now) is { } rested)
                    highest = Math.Max(highest, rested.Time);
                Assert.True(highest == before || MayMove(before, highest, all, now), $"step {step}: silence moves {before} to {highest}");
                before = highest;
                model = Rested(model, seen, now);
                Assert.Equal(model, highest);
                var time = place + random.Next(-5, 6);
                if (jumps.See(highest, time, step, now) is { } moved)
                    highest = Math.Max(highest, moved.Time);
                seen.Add((time, now));
                all.Add((time, now));
                Assert.True(highest == before || MayMove(before, highest, all, now), $"step {step}: {time} moves {before} to {highest}");
                model = Moved(model, seen);
                Assert.True(model == highest, $"step {step}: {highest} instead of {model}");
            }
        }
    });

    // The rule as it is written, from the first record on that came since time moved last.
    static int JumpAmong(long highest, List<(long Time, long AtMs)> seen)
    {
        var jump = -1;
        for (var i = 0; i < seen.Count; i++)
        {
            if (jump >= 0 && seen[i].Time < seen[jump].Time - Jump)
                jump = -1;
            if (jump < 0 && IsJump(highest, seen[i].Time))
                jump = i;
        }

        return jump;
    }

    // What must be true however a jump was found: a record near the new time has none far below it behind it, and was
    // borne out.
    static bool MayMove(long before, long after, List<(long Time, long AtMs)> all, long now)
    {
        var last = all[^1].Time;
        var reach = Math.Max(before, last) + Jump;
        return after == last && !IsJump(before, last) || Enumerable.Range(0, all.Count).Any(c =>
            Math.Abs(after - all[c].Time) <= Jump
                && all.Skip(c + 1).All(later => later.Time >= all[c].Time - Jump)
                && (Near(all, c).Count >= Witnesses || all[c].Time <= reach
                    || now - Near(all, c).Select(r => r.AtMs).Append(all[c].AtMs).Max() >= Silence));
    }

    static List<(long Time, long AtMs)> Near(List<(long Time, long AtMs)> seen, int jump) =>
        [.. seen.Skip(jump + 1).Where(r => Math.Abs(r.Time - seen[jump].Time) <= Jump)];

    static long Moved(long highest, List<(long Time, long AtMs)> seen)
    {
        var last = seen[^1].Time;
        var jump = JumpAmong(highest, seen);
        if (!IsJump(highest, last))
            highest = Math.Max(highest, last);
        if (jump < 0)
        {
            seen.Clear();
            return highest;
        }

        var near = Near(seen, jump);
        if (near.Count < Witnesses && IsJump(highest, seen[jump].Time))
            return highest;
        highest = Math.Max(highest, near.Select(r => r.Time).Append(seen[jump].Time).Max());
        seen.Clear();
        return highest;
    }

    static long Rested(long highest, List<(long Time, long AtMs)> seen, long now)
    {
        var jump = JumpAmong(highest, seen);
        if (jump < 0 || now - Near(seen, jump).Select(r => r.AtMs).Append(seen[jump].AtMs).Max() < Silence)
            return highest;
        highest = Math.Max(highest, Near(seen, jump).Select(r => r.Time).Append(seen[jump].Time).Max());
        seen.Clear();
        return highest;
    }

    static bool IsJump(long highest, long time) => highest == TimeJumps.NoTime || time > highest + Jump;

    long Watermark => Assert.Single(Assert.Single(_router.Status().Partitions).Watermarks).Watermark;

    void Read(int count, long time, bool atEnd = false)
    {
        var text = time.ToString(CultureInfo.InvariantCulture);
        var values = Enumerable.Range(0, count).Select(i => $"a,{text},i{_position + i}").ToList();
        _router.Chunk(TextChunks.Of(0, 1, _position, values, atEnd), _now);
        _position += count;
    }

    // The partition goes and comes back, and is read from an offset on. The join began to read it at 100.
    void Restart(AppliedTime time, long offset)
    {
        _router.Lost([new TopicPartitionGeneration("t", 0, 1)]);
        Start(_router, offset, time);
        _position = offset;
    }

    void Start(Router router, long offset, params AppliedTime[] timesOfGroups)
    {
        router.Assigned([new PartitionStart("t", 0, 1, 100, true, 0, 1_000, 1) { Origin = 100 }], _now);
        for (var group = 0; group < timesOfGroups.Length; group++)
        {
            var applied = new AppliedPartition(new PartitionId(Side.Left, 0, 0), Math.Max(offset, timesOfGroups[group].AppliedOffset));
            router.Acknowledged(new KeyGroupAck(group, [applied]) { Times = [timesOfGroups[group]] }, _now);
        }
    }

    void Pass(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 50)
            _router.TimePassed(_now);
    }

    void Acknowledge(long offset) =>
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), offset)]), _now);
}
