using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The bytes of a snapshot. Versions 3 and 1 are whole, for a state smaller than a chunk; 4 and 2 are the manifest of one whose records are in chunks.
/// 1 and 2 are of format 1, and do not say who wrote which event:
/// <code>
/// u8 version, [3, 4: u64 incarnation that wrote the last event, u32 chunks: for the fence], varint sequence, text the same as in the ids of its outputs,
/// [3, 4: varint incarnations, per incarnation: u64, varint its first event], varint confirmed-through, bytes definition,
/// varint topics, per topic: partition id, varint partition count; varint partitions, per partition: id, i64 covered-through, i64 watermark,
/// varint events with unconfirmed outputs, per event: varint sequence, text incarnation, bytes outputs,
/// u8 1 = output positions follow, below which nothing lies that is not confirmed, [output positions],
/// 2 ledgers of 7 varints,
/// 1 and 3: varint slabs, the slabs; 2 and 4: varint chunks, per chunk: varint length, u32 its CRC-32,
/// u32 CRC-32 of all before it
/// </code>
/// A slab: bytes (batches whose dead records are left out), bytes (one flag byte per record). A chunk: slabs until it ends.
/// Slabs and records stand in the order in which they came, so a state that was restored and one that was not give equal snapshots, in equal chunks.
/// </summary>
static class SnapshotCodec
{
    const byte Whole = 1, Chunked = 2, HistoryAdds = 2, CurrentVersion = Chunked + HistoryAdds;

    /// <summary>The bytes of a snapshot whose records are in chunks, or follow here.</summary>
    /// <param name="capture">What it is of.</param>
    /// <param name="chunks">The chunks; empty where the records follow.</param>
    /// <param name="slabs">How many slabs follow.</param>
    /// <param name="records">The slabs.</param>
    internal static byte[] Write(SnapshotCapture capture, IReadOnlyCollection<SnapshotChunk> chunks, int slabs, ReadOnlySpan<byte> records)
    {
        var writer = new ByteWriter(records.Length + 65_536);
        writer.Byte((byte)((chunks.Count == 0 ? Whole : Chunked) + (capture.HasHistory ? HistoryAdds : 0)));
        if (capture.HasHistory)
        {
            writer.Long(capture.Writer.GetValueOrDefault().Bits);
            WriteUInt32(writer, (uint)chunks.Count);
        }

        writer.Raw(capture.Head);
        writer.Number(capture.Unconfirmed.Count);
        foreach (var outputs in capture.Unconfirmed)
        {
            writer.Number(outputs.Sequence);
            writer.Text(outputs.Incarnation);
            writer.Bytes(outputs.Bytes);
        }

        WriteOutputsFrom(writer, capture.OutputsFrom);
        WriteLedger(writer, capture.LeftLedger);
        WriteLedger(writer, capture.RightLedger);
        if (chunks.Count == 0)
        {
            writer.Number(slabs);
            writer.Raw(records);
        }
        else
        {
            writer.Number(chunks.Count);
            foreach (var chunk in chunks)
            {
                writer.Number(chunk.Length);
                WriteUInt32(writer, chunk.Crc);
            }
        }

        WriteUInt32(writer, System.IO.Hashing.Crc32.HashToUInt32(writer.Written));
        return writer.ToArray();
    }

    /// <summary>What changes with every event and is small: sequence number, definition, clocks.</summary>
    internal static byte[] WriteHead(KeyGroup group, IntervalJoin join)
    {
        var writer = new ByteWriter();
        var hasHistory = group.FormatVersion >= FormatVersions.Incarnations;
        writer.Number(group.Sequence);
        writer.Text(group.IncarnationText);
        if (hasHistory)
            group.History.Write(writer);
        writer.Number(group.ConfirmedThrough);
        writer.Bytes(DefinitionCodec.Write(join.Definition));
        WriteClocks(writer, group.Clocks);
        return writer.ToArray();
    }

    /// <exception cref="MalformedBatchException">The bytes are no snapshot of a known version, or were damaged.</exception>
    internal static SnapshotContent Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5)
            throw new MalformedBatchException($"a snapshot of {bytes.Length} bytes");
        if (bytes[0] is 0 or > CurrentVersion)
            throw new MalformedBatchException($"snapshot format version {bytes[0]}; this program reads up to {CurrentVersion}");
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        if (crc != System.IO.Hashing.Crc32.HashToUInt32(bytes[..^4]))
            throw new MalformedBatchException("a snapshot whose checksum differs");
        var reader = new ByteReader(bytes[..^4]);
        var hasHistory = reader.Byte() > HistoryAdds;
        if (hasHistory)
        {
            reader.Long();
            ReadUInt32(ref reader);
        }

        var sequence = reader.Number();
        var incarnation = reader.Text();
        var history = hasHistory ? IncarnationHistory.Read(ref reader) : IncarnationHistory.Of(Incarnation.Of(incarnation), sequence);
        var confirmed = reader.Number();
        var definition = DefinitionCodec.Read(reader.Bytes());
        var clocks = ReadClocks(ref reader);
        var unconfirmed = new UnconfirmedOutputs[reader.Count()];
        for (var i = 0; i < unconfirmed.Length; i++)
            unconfirmed[i] = new UnconfirmedOutputs(reader.Number(), reader.Text(), reader.Bytes().ToArray());
        var outputsFrom = reader.Byte() != 0 ? OutputPositionsCodec.Read(ref reader) : null;
        var left = ReadLedger(ref reader);
        var right = ReadLedger(ref reader);
        var chunks = bytes[0] is Whole or Whole + HistoryAdds ? [] : ReadChunks(ref reader);
        return new SnapshotContent(sequence, incarnation, history, confirmed, definition, clocks, unconfirmed, outputsFrom, left, right, chunks, reader.Position);
    }

    /// <summary>Fills a new join with the records that are in the snapshot itself.</summary>
    internal static void ReadState(ReadOnlySpan<byte> bytes, SnapshotContent content, IntervalJoin join)
    {
        var reader = new ByteReader(bytes[content.StatePosition..^4]);
        for (var slabs = reader.Count(); slabs > 0; slabs--)
            StateCodec.ReadSlab(ref reader, join);
    }

    /// <summary>Adds the records of a chunk to a join.</summary>
    internal static void ReadChunk(ReadOnlySpan<byte> bytes, IntervalJoin join)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            StateCodec.ReadSlab(ref reader, join);
    }

    static SnapshotChunk[] ReadChunks(ref ByteReader reader)
    {
        var chunks = new SnapshotChunk[reader.Count()];
        for (var i = 0; i < chunks.Length; i++)
            chunks[i] = new SnapshotChunk(reader.Int(), ReadUInt32(ref reader));
        return chunks;
    }

    static void WriteUInt32(ByteWriter writer, uint value)
    {
        Span<byte> check = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(check, value);
        writer.Raw(check);
    }

    static uint ReadUInt32(ref ByteReader reader) => (uint)(reader.Byte() | (reader.Byte() << 8) | (reader.Byte() << 16) | (reader.Byte() << 24));

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
