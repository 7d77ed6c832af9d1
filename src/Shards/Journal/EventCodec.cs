using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The bytes of a journal event, version 2. Version 1 has neither checksum nor incarnations: after its version byte come the flags.
/// <code>
/// u8 version, u32 CRC-32, u64 incarnation, u64 the predecessor's incarnation,
/// u8 flags (1 definition, 2 journal id, 4 raise, 8 output positions), varint confirmed-through,
/// [definition: varint length, bytes] [journal id: text] [raise: i64 left, i64 right],
/// [output positions: below which nothing lies that is not confirmed],
/// varint ticks, per tick: partition id, varint partition count, varint from, varint through, i64 watermark,
/// varint generation, u8 kind,
/// batches up to the end
/// </code>
/// The checksum is over all the other bytes, and over key group and number of the event, so one that lies in another's place is found too. Both
/// incarnations stand at fixed places: the journal's fence compares them.
/// </summary>
static class EventCodec
{
    const byte HasDefinition = 1, HasJournalId = 2, HasRaise = 4, HasOutputsFrom = 8;
    const int ChecksumAt = 1, ChecksumEnd = ChecksumAt + 4, PredecessorAt = ChecksumEnd + 8, HeadLength = PredecessorAt + 8;

    /// <summary>The bytes of an event.</summary>
    /// <param name="content">What it says beside its batches.</param>
    /// <param name="batches">Its batches.</param>
    /// <param name="group">The key group.</param>
    /// <param name="sequence">The number that the event will have.</param>
    internal static byte[] Write(EventContent content, IReadOnlyList<byte[]> batches, int group, long sequence)
    {
        var writer = new ByteWriter(256);
        var flags = (content.Definition is null ? 0 : HasDefinition)
            | (content.JournalId is null ? 0 : HasJournalId)
            | (content.Raise is null ? 0 : HasRaise)
            | (content.OutputsFrom is null ? 0 : HasOutputsFrom);
        writer.Byte(content.FormatVersion);
        if (content.FormatVersion >= FormatVersions.Incarnations)
        {
            writer.Raw([0, 0, 0, 0]);
            writer.Long(content.Incarnation.GetValueOrDefault().Bits);
            writer.Long(content.Predecessor.GetValueOrDefault().Bits);
        }

        writer.Byte((byte)flags);
        writer.Number(content.ConfirmedThrough);
        if (content.Definition is not null)
            writer.Bytes(DefinitionCodec.Write(content.Definition, content.FormatVersion));
        if (content.JournalId is not null)
            writer.Text(content.JournalId);
        if (content.Raise is { } raise)
        {
            writer.Long(raise.Left);
            writer.Long(raise.Right);
        }

        if (content.OutputsFrom is not null)
            OutputPositionsCodec.Write(writer, content.OutputsFrom);
        writer.Number(content.Ticks.Count);
        foreach (var tick in content.Ticks)
            WriteTick(writer, tick);
        var bytes = Append(writer.Written, batches);
        if (content.FormatVersion >= FormatVersions.Incarnations)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Checksum(bytes, group, sequence));
        return bytes;
    }

    /// <summary>
    /// Whether the bytes are those that were written for this event. Of format 1 nothing can be said; a version that is not known is for
    /// <see cref="Read"/> to refuse.
    /// </summary>
    internal static bool IsWhole(ReadOnlySpan<byte> bytes, int group, long sequence)
    {
        if (bytes.Length == 0 || bytes[0] != FormatVersions.Newest)
            return bytes.Length > 0;
        return bytes.Length > HeadLength && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Checksum(bytes, group, sequence);
    }

    static uint Checksum(ReadOnlySpan<byte> bytes, int group, long sequence)
    {
        Span<byte> place = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(place, group);
        BinaryPrimitives.WriteInt64LittleEndian(place[4..], sequence);
        var crc = new System.IO.Hashing.Crc32();
        crc.Append(place);
        crc.Append(bytes[..ChecksumAt]);
        crc.Append(bytes[ChecksumEnd..]);
        return crc.GetCurrentHashAsUInt32();
    }

    // The bytes become the state's memory: one array of the right size, written once.
    static byte[] Append(ReadOnlySpan<byte> head, IReadOnlyList<byte[]> batches)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(head.Length + batches.Sum(b => b.Length));
        head.CopyTo(bytes);
        var position = head.Length;
        foreach (var batch in batches)
        {
            batch.CopyTo(bytes.AsSpan(position));
            position += batch.Length;
        }

        return bytes;
    }

    /// <exception cref="MalformedBatchException">The bytes are no event of a known version.</exception>
    internal static EventContent Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version is 0 or > FormatVersions.Newest)
            throw new MalformedBatchException($"event format version {version}; this program reads up to {FormatVersions.Newest}");
        Incarnation? incarnation = null, predecessor = null;
        if (version >= FormatVersions.Incarnations)
        {
            for (var i = ChecksumAt; i < ChecksumEnd; i++)
                reader.Byte();
            incarnation = new Incarnation(reader.Long());
            predecessor = new Incarnation(reader.Long());
        }

        var flags = reader.Byte();
        var content = new EventContent
        {
            FormatVersion = version,
            Incarnation = incarnation,
            Predecessor = predecessor,
            ConfirmedThrough = reader.Number(),
            Definition = (flags & HasDefinition) != 0 ? DefinitionCodec.Read(reader.Bytes()) : null,
            JournalId = (flags & HasJournalId) != 0 ? reader.Text() : null,
            Raise = (flags & HasRaise) != 0 ? (reader.Long(), reader.Long()) : null,
            OutputsFrom = (flags & HasOutputsFrom) != 0 ? OutputPositionsCodec.Read(ref reader) : null,
        };
        var ticks = new Tick[reader.Count()];
        for (var i = 0; i < ticks.Length; i++)
            ticks[i] = ReadTick(ref reader);
        return content with { Ticks = ticks, BatchStarts = Starts(bytes, reader.Position) };
    }

    /// <summary>Who wrote the event before it, as an event says; null in format 1, and of a version that is not known, which is for <see cref="Read"/> to refuse.</summary>
    internal static Incarnation? PredecessorOf(ReadOnlySpan<byte> bytes) => bytes[0] is < FormatVersions.Incarnations or > FormatVersions.Newest
        ? null
        : new Incarnation(BinaryPrimitives.ReadInt64LittleEndian(bytes[PredecessorAt..]));

    /// <summary>Where the batches in <paramref name="bytes"/> begin, the first at <paramref name="position"/>.</summary>
    internal static int[] Starts(ReadOnlySpan<byte> bytes, int position)
    {
        var starts = new List<int>();
        while (position < bytes.Length)
        {
            starts.Add(position);
            position += BatchHeader.Read(bytes[position..]).Length;
        }

        return [.. starts];
    }

    internal static void WriteTick(ByteWriter writer, in Tick tick)
    {
        PartitionIdCodec.Write(writer, tick.Partition);
        writer.Number(tick.PartitionCount);
        writer.Number(tick.From);
        writer.Number(tick.Through);
        writer.Long(tick.Watermark);
        writer.Number(tick.Generation);
        writer.Byte((byte)tick.Kind);
    }

    internal static Tick ReadTick(ref ByteReader reader)
    {
        var tick = new Tick(
            PartitionIdCodec.Read(ref reader), PartitionIdCodec.ReadCount(ref reader), reader.Number(), reader.Number(), reader.Long(), reader.Int(), (TickKind)reader.Byte());
        return tick.Kind <= TickKind.IdleExcluded ? tick : throw new MalformedBatchException($"a tick of kind {(byte)tick.Kind}");
    }
}
