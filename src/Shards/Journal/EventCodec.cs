using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The bytes of a journal event, versions 2 and 3, which differ in what a tick may say. Version 1 has neither checksum
/// nor incarnations: after its version byte come the flags.
/// <code>
/// u8 version, u32 CRC-32, u64 incarnation, u64 the predecessor's incarnation,
/// u8 flags (1 definition, 2 journal id, 4 raise, 8 output positions, 16 hold: not before format 3),
/// varint last confirmed event,
/// [definition: varint length, bytes] [journal id: text] [raise: i64 left, i64 right],
/// [output positions: no unconfirmed row lies below them], [hold],
/// varint ticks, per tick: partition id, varint partition count, varint from, varint to (exclusive), i64 watermark,
/// varint generation, u8 kind,
/// batches up to the end
/// </code>
/// The checksum covers all other bytes, the key group and the number of the event. So it also finds an event that was
/// stored under another key group or number. Both incarnations stand at fixed positions, because the journal's fence
/// compares them.
/// </summary>
static class EventCodec
{
    const byte HasDefinition = 1, HasJournalId = 2, HasRaise = 4, HasOutputsFrom = 8, HasHold = 16;
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
            | (content.OutputsFrom is null ? 0 : HasOutputsFrom)
            | (content.TimeHold is null ? 0 : HasHold);
        if (content.TimeHold is not null && content.FormatVersion < FormatVersions.JoinTime)
            throw new InvalidOperationException($"a hold in an event of format {content.FormatVersion}");
        writer.Byte(content.FormatVersion);
        if (content.FormatVersion >= FormatVersions.Incarnations)
        {
            writer.Raw([0, 0, 0, 0]);
            writer.Long(content.Incarnation.GetValueOrDefault().Bits);
            writer.Long(content.Predecessor.GetValueOrDefault().Bits);
        }

        writer.Byte((byte)flags);
        writer.Number(content.LastConfirmed);
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
        if (content.TimeHold is { } hold)
            TimeHoldCodec.Write(writer, hold);
        writer.Number(content.Ticks.Count);
        foreach (var tick in content.Ticks)
            TickCodec.Write(writer, tick);
        var bytes = Append(writer.Written, batches);
        if (content.FormatVersion >= FormatVersions.Incarnations)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Checksum(bytes, bytes[0], group, sequence));
        return bytes;
    }

    /// <summary>
    /// Whether the bytes are those that were written for this event. True for format 1, which has no checksum, and for
    /// unknown versions, which <see cref="Read"/> refuses.
    /// </summary>
    internal static bool IsWhole(ReadOnlySpan<byte> bytes, int group, long sequence)
    {
        if (bytes.Length == 0)
            return false;
        if (HasIncarnations(bytes[0]))
            return HasChecksum(bytes, bytes[0], group, sequence);

        // Version 1 is one bit away from version 3.
        return bytes[0] != FormatVersions.Oldest || !HasChecksum(bytes, FormatVersions.JoinTime, group, sequence);
    }

    static bool HasChecksum(ReadOnlySpan<byte> bytes, byte version, int group, long sequence) =>
        bytes.Length > HeadLength
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Checksum(bytes, version, group, sequence);

    // Of a version that this program reads.
    static bool HasIncarnations(byte version) => version is >= FormatVersions.Incarnations and <= FormatVersions.Newest;

    static uint Checksum(ReadOnlySpan<byte> bytes, byte version, int group, long sequence)
    {
        Span<byte> place = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(place, group);
        BinaryPrimitives.WriteInt64LittleEndian(place[4..], sequence);
        var crc = new System.IO.Hashing.Crc32();
        crc.Append(place);
        crc.Append([version]);
        crc.Append(bytes[ChecksumEnd..]);
        return crc.GetCurrentHashAsUInt32();
    }

    // The state keeps these bytes: so they are one array of the right size, written once.
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
            LastConfirmed = reader.Number(),
            Definition = (flags & HasDefinition) != 0 ? DefinitionCodec.Read(reader.Bytes()) : null,
            JournalId = (flags & HasJournalId) != 0 ? reader.Text() : null,
            Raise = (flags & HasRaise) != 0 ? (reader.Long(), reader.Long()) : null,
            OutputsFrom = (flags & HasOutputsFrom) != 0 ? OutputPositionsCodec.Read(ref reader) : null,
            TimeHold = version >= FormatVersions.JoinTime && (flags & HasHold) != 0 ? TimeHoldCodec.Read(ref reader) : null,
        };
        var ticks = new Tick[reader.Count()];
        for (var i = 0; i < ticks.Length; i++)
            ticks[i] = TickCodec.Read(ref reader);
        return content with { Ticks = ticks, BatchStarts = Starts(bytes, reader.Position) };
    }

    /// <summary>
    /// Who wrote the event before it, as the event says. Null in format 1, and in unknown versions, which
    /// <see cref="Read"/> refuses.
    /// </summary>
    internal static Incarnation? PredecessorOf(ReadOnlySpan<byte> bytes) =>
        HasIncarnations(bytes[0]) ? new Incarnation(BinaryPrimitives.ReadInt64LittleEndian(bytes[PredecessorAt..])) : null;

    /// <summary>
    /// Where the batches in <paramref name="bytes"/> begin, the first at <paramref name="position"/>.
    /// </summary>
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
}

/// <summary>What an event says beside its batches.</summary>
sealed record EventContent
{
    /// <summary>The format to write the event in.</summary>
    internal byte FormatVersion { get; init; } = FormatVersions.Newest;

    /// <summary>The incarnation that wrote the event. Null in format 1.</summary>
    internal Incarnation? Incarnation { get; init; }

    /// <summary>
    /// The incarnation that wrote the event before it. The first event names its own incarnation. Null in format 1.
    /// </summary>
    internal Incarnation? Predecessor { get; init; }

    /// <summary>The last confirmed event: the broker has acknowledged the rows of it and of all before it.</summary>
    internal long LastConfirmed { get; init; }

    /// <summary>
    /// No row of an event after <see cref="LastConfirmed"/> lies below it in the output topics. Null = not known.
    /// </summary>
    internal OutputPositions? OutputsFrom { get; init; }

    /// <summary>The definition from here on, or null where it stays.</summary>
    internal JoinDefinition? Definition { get; init; }

    /// <summary>The journal's id from here on, or null where it stays.</summary>
    internal string? JournalId { get; init; }

    /// <summary>Watermarks to which every partition of a side is raised, or null.</summary>
    internal (long Left, long Right)? Raise { get; init; }

    /// <summary>Whether time moves from here on, or null where that stays.</summary>
    internal TimeHold? TimeHold { get; init; }

    /// <summary>Ticks.</summary>
    internal IReadOnlyList<Tick> Ticks { get; init; } = [];

    /// <summary>Where the batches begin.</summary>
    internal int[] BatchStarts { get; init; } = [];
}
