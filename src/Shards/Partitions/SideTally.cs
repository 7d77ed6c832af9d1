using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Partitions;

/// <summary>The partitions of one side, as far as the side's time depends on them.</summary>
/// <param name="Unheard">How many count as minus infinity.</param>
/// <param name="Excluded">How many have a watermark and are left out.</param>
/// <param name="Empty">How many never had a record and are left out.</param>
/// <param name="Active">The lowest watermark of active ones; long.MaxValue where there is none.</param>
/// <param name="Idle">The lowest record-based watermark of idle ones; long.MaxValue where there is none.</param>
/// <param name="Moved">The lowest moved watermark of idle ones; long.MaxValue where there is none.</param>
readonly record struct SideTally(int Unheard, int Excluded, int Empty, long Active, long Idle, long Moved)
{
    internal const long NoCap = long.MaxValue;

    /// <summary>Whether no partition ever had a record, and each is known to be empty.</summary>
    internal bool IsOnlyEmpty => Empty > 0 && Unheard + Excluded == 0 && Active == long.MaxValue && Idle == long.MaxValue;

    /// <summary>Whether a cap on what claims move makes a difference.</summary>
    internal bool NeedsCap => IsOnlyEmpty || (Unheard == 0 && Idle < Moved && Idle < Active);

    /// <summary>
    /// The lowest watermark of the partitions that count; <see cref="SideWatermarks.None"/> where one is unheard, or
    /// none counts.
    /// </summary>
    /// <param name="cap">
    /// No claim moves time beyond it. The lowest over the idle partitions of max(watermark, min(moved, cap)) is the
    /// same of their lowest values, since no moved watermark is below its record-based one.
    /// </param>
    internal long Least(long cap)
    {
        if (Unheard > 0)
            return SideWatermarks.None;
        var idle = Idle == long.MaxValue ? long.MaxValue : Math.Max(Idle, Math.Min(Moved, cap));
        var least = Math.Min(Active, idle);
        return least == long.MaxValue ? SideWatermarks.None : least;
    }

    internal SideTally With(in PartitionClock clock) => clock.Standing switch
    {
        Standing.Unheard => this with { Unheard = Unheard + 1 },
        Standing.Active => this with { Active = Math.Min(Active, clock.Watermark) },
        Standing.Idle => this with { Idle = Math.Min(Idle, clock.Watermark), Moved = Math.Min(Moved, clock.MovedWatermark) },
        Standing.Excluded => this with { Excluded = Excluded + 1 },
        _ => this with { Empty = Empty + 1 },
    };

    /// <summary>A side without partitions.</summary>
    internal static SideTally None => new(0, 0, 0, long.MaxValue, long.MaxValue, long.MaxValue);

    /// <summary>
    /// The sides' times as the partitions have them after an event. They lie below those of before where a partition
    /// comes back. A side of which no partition ever had a record follows the other one's time, before that is capped,
    /// less the length of the window.
    /// </summary>
    /// <param name="now">The sides' times as the event before left them.</param>
    /// <param name="left">The left partitions.</param>
    /// <param name="right">The right partitions.</param>
    /// <param name="spanMs">The length of the window, ms.</param>
    /// <param name="caps">
    /// Gives the least times at which the group holds no record of the other side; claims move time no further.
    /// </param>
    internal static (long Left, long Right) Next(
        (long Left, long Right) now, in SideTally left, in SideTally right, long spanMs, Func<(long Left, long Right)> caps)
    {
        var cap = left.NeedsCap || right.NeedsCap ? caps() : (NoCap, NoCap);
        return (
            Of(left, cap.Item1, right, now.Right, spanMs),
            Of(right, cap.Item2, left, now.Left, spanMs));
    }

    static long Of(in SideTally side, long cap, in SideTally other, long otherNow, long spanMs)
    {
        if (!side.IsOnlyEmpty)
            return side.Least(cap);
        var followed = other.IsOnlyEmpty ? SideWatermarks.None : Math.Max(otherNow, other.Least(NoCap));
        return followed <= SideWatermarks.None ? SideWatermarks.None : Math.Min(followed - spanMs, cap);
    }
}
