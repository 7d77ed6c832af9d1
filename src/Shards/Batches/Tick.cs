using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// Says of a partition: the key groups have acknowledged all of its records in [<paramref name="From"/>,
/// <paramref name="To"/>), and <paramref name="Watermark"/> comes from the records below <paramref name="To"/>. This
/// stays true for ever, so one tick serves every key group, however late it comes.
/// <para>
/// A tick of the kinds <see cref="TickKind.IdleWallClock"/> and <see cref="TickKind.IdleExclude"/> is a claim. It says
/// besides that <paramref name="To"/> was the end of the log after the clock said <paramref name="ClockMs"/>, and that
/// the partition had been silent for <c>idle.timeout</c> then. A claim covers nothing.
/// </para>
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="PartitionCount">How many partitions its topic has.</param>
/// <param name="From">The offset at which the sender began to read, inclusive.</param>
/// <param name="To">The acknowledged offset, exclusive.</param>
/// <param name="Watermark">ms since the epoch, or <c>SideWatermarks.None</c>.</param>
/// <param name="Generation">The assignment that the sender read it in.</param>
/// <param name="Kind">What it tells of.</param>
/// <param name="ClockMs">
/// The join's clock, ms since the epoch: of a claim when it was made, of another tick when the record was read that set
/// the watermark. <c>SideWatermarks.None</c> where it is not known.
/// </param>
readonly record struct Tick(
    PartitionId Partition,
    int PartitionCount,
    long From,
    long To,
    long Watermark,
    int Generation,
    TickKind Kind = TickKind.Records,
    long ClockMs = SideWatermarks.None)
{
    /// <summary>Whether it claims that the partition is idle.</summary>
    internal bool IsClaim => Kind is TickKind.IdleWallClock or TickKind.IdleExclude;

    /// <summary>The tick as a program reads it that knows no format above 2.</summary>
    internal Tick WithoutClock() => this with { Kind = TickKind.Records, ClockMs = SideWatermarks.None };
}

/// <summary>
/// What a tick tells of. The numbers are part of journals. The kinds 1 and 2 were never written, and are read as
/// <see cref="Records"/>.
/// </summary>
enum TickKind : byte
{
    /// <summary>The watermark of the records below the offset.</summary>
    Records = 0,

    /// <summary>Never written.</summary>
    IdleClock = 1,

    /// <summary>Never written.</summary>
    IdleExcluded = 2,

    /// <summary>As <see cref="Records"/>, with the clock. Not before format 3.</summary>
    RecordsWithClock = 3,

    /// <summary>A claim: the partition's watermark moves on with the clock. Not before format 3.</summary>
    IdleWallClock = 4,

    /// <summary>A claim: the partition is left out of its side's minimum. Not before format 3.</summary>
    IdleExclude = 5,
}

/// <summary>
/// A tick in bytes: partition id, varint partition count, varint from, varint to, i64 watermark, varint generation, u8
/// kind, and from kind 3 on i64 clock.
/// </summary>
static class TickCodec
{
    internal static void Write(ByteWriter writer, in Tick tick)
    {
        PartitionIdCodec.Write(writer, tick.Partition);
        writer.Number(tick.PartitionCount);
        writer.Number(tick.From);
        writer.Number(tick.To);
        writer.Long(tick.Watermark);
        writer.Number(tick.Generation);
        writer.Byte((byte)tick.Kind);
        if (tick.Kind >= TickKind.RecordsWithClock)
            writer.Long(tick.ClockMs);
    }

    internal static Tick Read(ref ByteReader reader)
    {
        var tick = new Tick(
            PartitionIdCodec.Read(ref reader),
            PartitionIdCodec.ReadCount(ref reader),
            reader.Number(),
            reader.Number(),
            reader.Long(),
            reader.Int(),
            (TickKind)reader.Byte());
        if (tick.Kind > TickKind.IdleExclude)
            throw new MalformedBatchException($"a tick of kind {(byte)tick.Kind}");
        return tick.Kind >= TickKind.RecordsWithClock ? tick with { ClockMs = reader.Long() } : tick;
    }
}
