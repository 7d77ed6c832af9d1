using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Partitions;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// The bytes of a snapshot. Versions 7, 5, 3 and 1 are whole, for a state smaller than a segment. Versions 8, 6, 4 and
/// 2 are the manifest of a snapshot whose records are in segments. 7 and 8 are of a key group that was asked to let
/// time rest once. 3 and 4 are of format 2, and say nothing of clocks. 1 and 2 are of format 1, and do not say who
/// wrote which event either:
/// <code>
/// u8 version,
/// [3 to 8: u64 incarnation that wrote the last event, u32 segments: for the fence],
/// varint sequence, text the same incarnation as in the ids of its rows,
/// [3 to 8: varint incarnations, per incarnation: u64, varint its first event],
/// varint last confirmed event, bytes definition,
/// varint topics, per topic: partition id, varint partition count,
/// varint partitions, per partition: id, i64 applied offset, i64 watermark,
/// [5 to 8: i64 moved watermark, i64 its clock, u8 claim],
/// [5 to 8: i64 left time, i64 right time], [7, 8: hold],
/// [late.policy = repair: i64 left horizon, i64 right horizon],
/// varint events with unconfirmed rows, per event: varint sequence, text incarnation, bytes rows,
/// u8 1 = output positions follow, below which no unconfirmed row lies, [output positions],
/// 2 ledgers of 7 varints,
/// 1, 3, 5, 7: varint slabs, the slabs; 2, 4, 6, 8: varint segments, per segment: varint length, u32 its CRC-32,
/// u32 CRC-32 of all before it
/// </code>
/// A slab: bytes (batches without their dead records), bytes (one flag byte per record), and where a flag byte says
/// that a row is kept, bytes (<see cref="KeptRowWriter"/>). A segment: slabs until it ends. Slabs and records stand in
/// the order in which they came. So a restored state and one that was never stored give equal snapshots, in equal
/// segments.
/// </summary>
static class SnapshotCodec
{
    const byte Whole = 1, InSegments = 2, HistoryAdds = 2, ClocksAdd = 2, HoldAdds = 2;
    const byte CurrentVersion = InSegments + HistoryAdds + ClocksAdd + HoldAdds;

    /// <summary>The bytes of a snapshot whose records are in segments, or follow here.</summary>
    /// <param name="capture">What it is of.</param>
    /// <param name="segments">The segments; empty where the records follow.</param>
    /// <param name="slabs">How many slabs follow.</param>
    /// <param name="records">The slabs.</param>
    internal static byte[] Write(
        SnapshotCapture capture, IReadOnlyCollection<SnapshotSegment> segments, int slabs, ReadOnlySpan<byte> records)
    {
        var writer = new ByteWriter(records.Length + 65_536);
        var added = (capture.HasHistory ? HistoryAdds : 0) + (capture.HasClocks ? ClocksAdd : 0) + (capture.HasHold ? HoldAdds : 0);
        writer.Byte((byte)((segments.Count == 0 ? Whole : InSegments) + added));
        if (capture.HasHistory)
        {
            writer.Long(capture.Writer.GetValueOrDefault().Bits);
            WriteUInt32(writer, (uint)segments.Count);
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
        if (segments.Count == 0)
        {
            writer.Number(slabs);
            writer.Raw(records);
        }
        else
        {
            writer.Number(segments.Count);
            foreach (var segment in segments)
            {
                writer.Number(segment.Length);
                WriteUInt32(writer, segment.Crc);
            }
        }

        WriteUInt32(writer, System.IO.Hashing.Crc32.HashToUInt32(writer.Written));
        return writer.ToArray();
    }

    /// <summary>What changes with every event and is small: sequence number, definition, clocks.</summary>
    internal static byte[] WriteHead(SnapshotHead head, bool hasHistory, bool hasClocks, bool hasHold)
    {
        var writer = new ByteWriter();
        writer.Number(head.Sequence);
        writer.Text(head.IncarnationText);
        if (hasHistory)
            head.History.Write(writer);
        writer.Number(head.LastConfirmed);
        writer.Bytes(DefinitionCodec.Write(head.Definition));
        WriteClocks(writer, head.Clocks, hasClocks);
        if (hasHold)
            TimeHoldCodec.Write(writer, head.Clocks.TimeHold);
        if (head.Definition.Late == LatePolicy.Repair)
        {
            writer.Long(head.Horizon.Left);
            writer.Long(head.Horizon.Right);
        }

        return writer.ToArray();
    }

    /// <exception cref="MalformedBatchException">
    /// The bytes are no snapshot of a known version, or were damaged.
    /// </exception>
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
        var clocks = ReadClocks(ref reader, hasClocks: bytes[0] > HistoryAdds + ClocksAdd);
        if (bytes[0] > HistoryAdds + ClocksAdd + HoldAdds)
            clocks.Restore(TimeHoldCodec.Read(ref reader));
        var horizon = SideWatermarks.Unknown;
        if (definition.Late == LatePolicy.Repair)
            horizon = horizon with { Left = reader.Long(), Right = reader.Long() };
        var unconfirmed = new UnconfirmedOutputs[reader.Count()];
        for (var i = 0; i < unconfirmed.Length; i++)
            unconfirmed[i] = new UnconfirmedOutputs(reader.Number(), reader.Text(), reader.Bytes().ToArray());
        var head = new SnapshotHead
        {
            Sequence = sequence,
            IncarnationText = incarnation,
            History = history,
            LastConfirmed = confirmed,
            Definition = definition,
            Clocks = clocks,
            Horizon = horizon,
            Unconfirmed = unconfirmed,
            OutputsFrom = reader.Byte() != 0 ? OutputPositionsCodec.Read(ref reader) : null,
            Left = ReadLedger(ref reader),
            Right = ReadLedger(ref reader),
        };
        var segments = bytes[0] % 2 == Whole ? [] : ReadSegments(ref reader);
        return new SnapshotContent(head, segments, reader.Position);
    }

    /// <summary>Fills a new join with the records that are in the snapshot itself.</summary>
    internal static void ReadState(ReadOnlySpan<byte> bytes, SnapshotContent content, JoinState state)
    {
        var reader = new ByteReader(bytes[content.StatePosition..^4]);
        for (var slabs = reader.Count(); slabs > 0; slabs--)
            StateCodec.ReadSlab(ref reader, state);
    }

    /// <summary>Adds the records of a segment to a state.</summary>
    internal static void ReadSegment(ReadOnlySpan<byte> bytes, JoinState state)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            StateCodec.ReadSlab(ref reader, state);
    }

    static SnapshotSegment[] ReadSegments(ref ByteReader reader)
    {
        var segments = new SnapshotSegment[reader.Count()];
        for (var i = 0; i < segments.Length; i++)
            segments[i] = new SnapshotSegment(reader.Int(), ReadUInt32(ref reader));
        return segments;
    }

    static void WriteUInt32(ByteWriter writer, uint value)
    {
        Span<byte> check = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(check, value);
        writer.Raw(check);
    }

    static uint ReadUInt32(ref ByteReader reader) =>
        (uint)(reader.Byte() | (reader.Byte() << 8) | (reader.Byte() << 16) | (reader.Byte() << 24));

    static void WriteOutputsFrom(ByteWriter writer, OutputPositions? positions)
    {
        writer.Byte(positions is null ? (byte)0 : (byte)1);
        if (positions is not null)
            OutputPositionsCodec.Write(writer, positions);
    }

    static void WriteClocks(ByteWriter writer, PartitionClocks clocks, bool hasClocks)
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
            writer.Long(clock.AppliedOffset);
            writer.Long(clock.Watermark);
            if (!hasClocks)
                continue;
            writer.Long(clock.MovedWatermark);
            writer.Long(clock.ClockMs);
            writer.Byte((byte)clock.Claim);
        }

        if (!hasClocks)
            return;
        writer.Long(clocks.Times.Left);
        writer.Long(clocks.Times.Right);
    }

    static PartitionClocks ReadClocks(ref ByteReader reader, bool hasClocks)
    {
        var clocks = new PartitionClocks();
        for (var topics = reader.Count(); topics > 0; topics--)
            clocks.RestoreCount(PartitionIdCodec.Read(ref reader), PartitionIdCodec.ReadCount(ref reader));
        for (var partitions = reader.Count(); partitions > 0; partitions--)
        {
            var partition = PartitionIdCodec.Read(ref reader);
            var clock = new PartitionClock(reader.Long(), reader.Long());
            clocks.Restore(partition, hasClocks ? ReadClaim(ref reader, clock) : clock);
        }

        if (hasClocks)
            clocks.RestoreTimes(reader.Long(), reader.Long());
        else
            clocks.RestoreTimes();
        return clocks;
    }

    static PartitionClock ReadClaim(ref ByteReader reader, in PartitionClock clock)
    {
        var read = clock with { MovedWatermark = reader.Long(), ClockMs = reader.Long(), Claim = (IdleClaim)reader.Byte() };
        return read.Claim <= IdleClaim.Exclude && read.MovedWatermark >= read.Watermark
            ? read
            : throw new MalformedBatchException($"a claim of kind {(byte)read.Claim} that moves {read.Watermark} to {read.MovedWatermark}");
    }

    internal static void WriteLedger(ByteWriter writer, in SideLedger ledger)
    {
        writer.Number(ledger.Received);
        writer.Number(ledger.Matched);
        writer.Number(ledger.Unmatched);
        writer.Number(ledger.Expired);
        writer.Number(ledger.Late);
        writer.Number(ledger.Duplicate);
        writer.Number(ledger.Waiting);
    }

    internal static SideLedger ReadLedger(ref ByteReader reader) => new()
    {
        Received = reader.Number(),
        Matched = reader.Number(),
        Unmatched = reader.Number(),
        Expired = reader.Number(),
        Late = reader.Number(),
        Duplicate = reader.Number(),
        Waiting = reader.Number(),
    };
}
