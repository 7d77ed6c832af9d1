using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Flow;

/// <summary>
/// The bytes of a <see cref="FlowOrder"/>:
/// <code>
/// u8 version (1 or 2), varint number,
/// u8 flags (1 left paused, 2 right paused, 4 left until, 8 right until, 16 rate),
/// [i64 left until] [i64 right until] [varint rate],
/// [version 2: u8 flags (1 resting, 2 rest until), [i64 rest until], varint time number, i64 time clock]
/// </code>
/// Version 1 stands for an order that never let time rest. It may have paused a side, before version 2 was there.
/// A later program that has more to ask for takes another version. This one refuses it: half an order is none.
/// </summary>
static class FlowOrderCodec
{
    const byte Version = 1, TimeVersion = 2;
    const byte LeftPaused = 1, RightPaused = 2, LeftUntil = 4, RightUntil = 8, HasRate = 16, Known = 31;
    const byte AtRest = 1, RestUntil = 2, KnownOfTime = 3;

    internal static byte[] Write(FlowOrder order)
    {
        var writer = new ByteWriter(32);
        writer.Byte(order.TimeNumber == 0 ? Version : TimeVersion);
        writer.Number(order.Number);
        writer.Byte((byte)((order.Left.IsPaused ? LeftPaused : 0)
            | (order.Right.IsPaused ? RightPaused : 0)
            | (order.Left.UntilMs is null ? 0 : LeftUntil)
            | (order.Right.UntilMs is null ? 0 : RightUntil)
            | (order.Rate is null ? 0 : HasRate)));
        if (order.Left.UntilMs is { } left)
            writer.Long(left);
        if (order.Right.UntilMs is { } right)
            writer.Long(right);
        if (order.Rate is { } rate)
            writer.Number(rate);
        if (order.TimeNumber == 0)
            return writer.ToArray();
        writer.Byte((byte)((order.Rest.IsAtRest ? AtRest : 0) | (order.Rest.UntilMs is null ? 0 : RestUntil)));
        if (order.Rest.UntilMs is { } rest)
            writer.Long(rest);
        writer.Number(order.TimeNumber);
        writer.Long(order.TimeClockMs);
        return writer.ToArray();
    }

    /// <exception cref="MalformedBatchException">The bytes are no order that this program knows.</exception>
    internal static FlowOrder Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version is not (Version or TimeVersion))
            throw new MalformedBatchException($"an order of version {version}; this program reads {Version} and {TimeVersion}");
        var number = reader.Number();
        var flags = reader.Byte();
        if ((flags & ~Known) != 0)
            throw new MalformedBatchException($"an order with the flags {flags}");
        var order = new FlowOrder
        {
            Number = number,
            Left = new SidePause((flags & LeftPaused) != 0, (flags & LeftUntil) != 0 ? reader.Long() : null),
            Right = new SidePause((flags & RightPaused) != 0, (flags & RightUntil) != 0 ? reader.Long() : null),
            Rate = (flags & HasRate) != 0 ? reader.Number() : null,
        };
        order = version == TimeVersion ? ReadTime(ref reader, order)
            : order.HoldsAnything ? order with { TimeNumber = number }
            : order;
        return reader.AtEnd && order.Rate is null or <= FlowOrder.RateMax
            ? order
            : throw new MalformedBatchException("an order with bytes behind it, or with a rate that nobody can ask for");
    }

    static FlowOrder ReadTime(ref ByteReader reader, FlowOrder order)
    {
        var flags = reader.Byte();
        if ((flags & ~KnownOfTime) != 0)
            throw new MalformedBatchException($"an order with the flags {flags} of time");
        return order with
        {
            Rest = new TimeRest((flags & AtRest) != 0, (flags & RestUntil) != 0 ? reader.Long() : null),
            TimeNumber = reader.Number(),
            TimeClockMs = reader.Long(),
        };
    }
}
