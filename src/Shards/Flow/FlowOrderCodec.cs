using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Flow;

/// <summary>
/// The bytes of a <see cref="FlowOrder"/>:
/// <code>
/// u8 version (1), varint number,
/// u8 flags (1 left paused, 2 right paused, 4 left until, 8 right until, 16 rate),
/// [i64 left until] [i64 right until] [varint rate]
/// </code>
/// A later program that has more to ask for takes another version. This one refuses it: half an order is none.
/// </summary>
static class FlowOrderCodec
{
    const byte Version = 1;
    const byte LeftPaused = 1, RightPaused = 2, LeftUntil = 4, RightUntil = 8, HasRate = 16, Known = 31;

    internal static byte[] Write(FlowOrder order)
    {
        var writer = new ByteWriter(32);
        writer.Byte(Version);
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
        return writer.ToArray();
    }

    /// <exception cref="MalformedBatchException">The bytes are no order that this program knows.</exception>
    internal static FlowOrder Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version != Version)
            throw new MalformedBatchException($"an order of version {version}; this program reads {Version}");
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
        return reader.AtEnd && order.Rate is null or <= FlowOrder.RateMax
            ? order
            : throw new MalformedBatchException("an order with bytes behind it, or with a rate that nobody can ask for");
    }
}
