using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Flow;

/// <summary>
/// Whether the time of a key group moves, as its events say it. A join that wakes after hours has very many rows due at
/// once, so its time rises in steps. Whoever writes the event chooses the step; a replay reads it.
/// <para>
/// Example. Order 4 lets time rest: an event has (resting, 4), and from then on the sides' times stay, whatever the
/// watermarks. Order 5 wakes the join at 12:00. The next event has (waking, 5, 12:00, left 900, right 950): the sides'
/// times rise to these at most. After some more steps an event has (awake, 5, 12:00), and time is free.
/// </para>
/// </summary>
/// <param name="Kind">Whether time moves.</param>
/// <param name="Number">The order that is obeyed; 0 = none ever was.</param>
/// <param name="ClockMs">The clock of that order: <see cref="TimeOrder.ClockMs"/>.</param>
/// <param name="Left">The left side's time rises no further, ms since the epoch.</param>
/// <param name="Right">The right side's time rises no further, ms since the epoch.</param>
readonly record struct TimeHold(HoldKind Kind, long Number, long ClockMs, long Left, long Right)
{
    /// <summary>Of a key group that never heard an order.</summary>
    internal static TimeHold None => new(HoldKind.Awake, 0, 0, SideWatermarks.NoLimit, SideWatermarks.NoLimit);

    /// <summary>Whether time does not move.</summary>
    internal bool IsAtRest => Kind == HoldKind.AtRest;

    /// <summary>Whether time rises in steps.</summary>
    internal bool IsWaking => Kind == HoldKind.Waking;

    /// <summary>
    /// Whether an order is newer. After a rollback of the journal two orders may have the same number. Then the order
    /// counts that the node knows, for the node has it from the journal's catalogue.
    /// </summary>
    internal bool IsBefore(in TimeOrder order) =>
        order.Number > Number || (order.Number == Number && (order.IsAtRest != IsAtRest || order.ClockMs != ClockMs));

    /// <summary>The hold from an order on, before the first step where it wakes.</summary>
    internal static TimeHold Of(in TimeOrder order) => order.IsAtRest
        ? new(HoldKind.AtRest, order.Number, order.ClockMs, SideWatermarks.None, SideWatermarks.None)
        : new(HoldKind.Waking, order.Number, order.ClockMs, SideWatermarks.NoLimit, SideWatermarks.NoLimit);

    /// <summary>The same with the next step; where nothing is held back any more, time is free.</summary>
    internal TimeHold To((long Left, long Right) limits) => limits == (SideWatermarks.NoLimit, SideWatermarks.NoLimit)
        ? this with { Kind = HoldKind.Awake, Left = SideWatermarks.NoLimit, Right = SideWatermarks.NoLimit }
        : this with { Left = limits.Left, Right = limits.Right };

    /// <summary>What becomes of sides' times that the partitions allow.</summary>
    internal (long Left, long Right) Limit((long Left, long Right) times) => (Math.Min(times.Left, Left), Math.Min(times.Right, Right));
}

/// <summary>Whether time moves. The numbers are part of journals.</summary>
enum HoldKind : byte
{
    /// <summary>Time moves.</summary>
    Awake = 0,

    /// <summary>Time does not move.</summary>
    AtRest = 1,

    /// <summary>Time rises in steps.</summary>
    Waking = 2,
}

/// <summary>A hold in bytes: u8 kind, varint number, i64 clock, [waking: i64 left, i64 right].</summary>
static class TimeHoldCodec
{
    internal static void Write(ByteWriter writer, in TimeHold hold)
    {
        writer.Byte((byte)hold.Kind);
        writer.Number(hold.Number);
        writer.Long(hold.ClockMs);
        if (!hold.IsWaking)
            return;
        writer.Long(hold.Left);
        writer.Long(hold.Right);
    }

    internal static TimeHold Read(ref ByteReader reader)
    {
        var kind = (HoldKind)reader.Byte();
        if (kind > HoldKind.Waking)
            throw new MalformedBatchException($"a hold of kind {(byte)kind}");
        var hold = TimeHold.Of(new TimeOrder(reader.Number(), kind == HoldKind.AtRest, reader.Long())) with { Kind = kind };
        return kind == HoldKind.Waking ? hold with { Left = reader.Long(), Right = reader.Long() } : hold;
    }
}
