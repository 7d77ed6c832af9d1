using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The bytes of a snapshot, version 1:
/// <code>
/// u8 version, varint sequence, text journal id, varint confirmed-through, bytes definition,
/// varint topics, per topic: partition id, varint partition count; varint partitions, per partition: id, i64 covered-through, i64 watermark,
/// varint events with unconfirmed outputs, per event: varint sequence, text journal id, bytes outputs,
/// u8 1 = output positions follow, below which nothing lies that is not confirmed, [output positions],
/// 2 ledgers of 7 varints,
/// varint slabs, per slab: bytes (batches whose dead records are left out), bytes (one flag byte per record)
/// u32 CRC-32 of all before it
/// </code>
/// Slabs and records stand in the order in which they came, so a state that was restored and one that was not give equal snapshots.
/// </summary>
static class SnapshotCodec
{
    internal const byte CurrentVersion = 1;

    internal static byte[] Write(KeyGroup group, IReadOnlyCollection<UnconfirmedOutputs> unconfirmed)
    {
        var join = group.Join ?? throw new InvalidOperationException("a snapshot before the first event");
        var writer = new ByteWriter((int)Math.Min(join.Bytes + 65_536, 1 << 30));
        writer.Byte(CurrentVersion);
        writer.Number(group.Sequence);
        writer.Text(group.JournalId);
        writer.Number(group.ConfirmedThrough);
        writer.Bytes(DefinitionCodec.Write(join.Definition));
        WriteClocks(writer, group.Clocks);
        writer.Number(unconfirmed.Count);
        foreach (var outputs in unconfirmed)
        {
            writer.Number(outputs.Sequence);
            writer.Text(outputs.JournalId);
            writer.Bytes(outputs.Bytes);
        }

        WriteOutputsFrom(writer, group.OutputsFrom);
        WriteLedger(writer, join.Ledger(Side.Left));
        WriteLedger(writer, join.Ledger(Side.Right));
        StateCodec.Write(writer, join);
        var crc = System.IO.Hashing.Crc32.HashToUInt32(writer.Written);
        Span<byte> check = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(check, crc);
        writer.Raw(check);
        return writer.ToArray();
    }

    /// <exception cref="MalformedBatchException">The bytes are no snapshot of a known version, or were damaged.</exception>
    internal static SnapshotContent Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5)
            throw new MalformedBatchException($"a snapshot of {bytes.Length} bytes");
        if (bytes[0] != CurrentVersion)
            throw new MalformedBatchException($"snapshot format version {bytes[0]}; this program reads up to {CurrentVersion}");
        var crc = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        if (crc != System.IO.Hashing.Crc32.HashToUInt32(bytes[..^4]))
            throw new MalformedBatchException("a snapshot whose checksum differs");
        var reader = new ByteReader(bytes[..^4]);
        reader.Byte();
        var sequence = reader.Number();
        var journalId = reader.Text();
        var confirmed = reader.Number();
        var definition = DefinitionCodec.Read(reader.Bytes());
        var clocks = ReadClocks(ref reader);
        var unconfirmed = new UnconfirmedOutputs[reader.Count()];
        for (var i = 0; i < unconfirmed.Length; i++)
            unconfirmed[i] = new UnconfirmedOutputs(reader.Number(), reader.Text(), reader.Bytes().ToArray());
        var outputsFrom = reader.Byte() != 0 ? OutputPositionsCodec.Read(ref reader) : null;
        return new SnapshotContent(sequence, journalId, confirmed, definition, clocks, unconfirmed, outputsFrom, reader.Position);
    }

    /// <summary>Fills a new join with the records.</summary>
    internal static void ReadState(ReadOnlySpan<byte> bytes, SnapshotContent content, IntervalJoin join)
    {
        var reader = new ByteReader(bytes[content.StatePosition..^4]);
        join.Ledger(Side.Left) = ReadLedger(ref reader);
        join.Ledger(Side.Right) = ReadLedger(ref reader);
        StateCodec.Read(ref reader, join);
        join.Restored(content.Clocks.Watermarks());
    }

    static void WriteOutputsFrom(ByteWriter writer, OutputPositions? positions)
    {
        writer.Byte(positions is null ? (byte)0 : (byte)1);
        if (positions is not null)
            OutputPositionsCodec.Write(writer, positions);
    }

    static void WriteClocks(ByteWriter writer, PartitionClocks clocks)
    {
        writer.Number(clocks.Counts.Count);
        foreach (var (topic, count) in clocks.Counts)
        {
            PartitionIdCodec.Write(writer, topic);
            writer.Number(count);
        }

        writer.Number(clocks.Known.Count);
        foreach (var (partition, clock) in clocks.Known)
        {
            PartitionIdCodec.Write(writer, partition);
            writer.Long(clock.CoveredThrough);
            writer.Long(clock.Watermark);
        }
    }

    static PartitionClocks ReadClocks(ref ByteReader reader)
    {
        var clocks = new PartitionClocks();
        for (var topics = reader.Count(); topics > 0; topics--)
            clocks.RestoreCount(PartitionIdCodec.Read(ref reader), PartitionIdCodec.ReadCount(ref reader));
        for (var partitions = reader.Count(); partitions > 0; partitions--)
            clocks.Restore(PartitionIdCodec.Read(ref reader), new PartitionClock(reader.Long(), reader.Long()));
        return clocks;
    }

    internal static void WriteLedger(ByteWriter writer, in SideLedger ledger)
    {
        writer.Number(ledger.Received);
        writer.Number(ledger.Matched);
        writer.Number(ledger.Unmatched);
        writer.Number(ledger.Expired);
        writer.Number(ledger.Late);
        writer.Number(ledger.Duplicate);
        writer.Number(ledger.Resting);
    }

    internal static SideLedger ReadLedger(ref ByteReader reader) => new()
    {
        Received = reader.Number(),
        Matched = reader.Number(),
        Unmatched = reader.Number(),
        Expired = reader.Number(),
        Late = reader.Number(),
        Duplicate = reader.Number(),
        Resting = reader.Number(),
    };
}
