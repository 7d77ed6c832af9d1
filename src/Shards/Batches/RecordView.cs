using System.Buffers.Binary;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// One record of a <see cref="RecordBatch"/>, read in place: every span points into the batch.
/// <code>
/// u8 flags, u32 key hash, varint length of what follows,
/// varint offset - from, zigzag time - base time, zigzag timestamp - base timestamp,
/// [key], [id], [value], [record key where it differs from the key], [headers], [fields], each: varint length, bytes
/// </code>
/// </summary>
public readonly ref struct RecordView
{
    internal const byte KeyNull = 1, HasIdFlag = 2, ValueNull = 4, RecordKeyStored = 8, RecordKeyNull = 16, HasHeaders = 32, HasFields = 64;

    /// <summary>Bytes before the varint length.</summary>
    internal const int PrefixSize = 5;

    readonly byte _flags;

    RecordView(
        byte flags, uint hash, long offset, long time, long timestamp, int source, int partition, int next, scoped in Sections sections)
    {
        _flags = flags;
        KeyHash = hash;
        Offset = offset;
        Time = time;
        Timestamp = timestamp;
        Source = source;
        Partition = partition;
        Next = next;
        Key = sections.Key;
        Id = sections.Id;
        Value = sections.Value;
        RecordKey = (flags & RecordKeyStored) != 0 ? sections.RecordKey : sections.Key;
        Headers = sections.Headers;
        Fields = sections.Fields;
    }

    /// <summary>The join key in canonical form; empty where <see cref="KeyIsNull"/>.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>A null key, or a composite key with a null part: such a record never matches.</summary>
    public bool KeyIsNull => (_flags & KeyNull) != 0;

    /// <summary>The id; empty where there is none.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>Whether the record has an id. One without is never a duplicate.</summary>
    public bool HasId => (_flags & HasIdFlag) != 0;

    /// <summary>The value as the producer wrote it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull => (_flags & ValueNull) != 0;

    /// <summary>The Kafka record's own key as the producer wrote it.</summary>
    public ReadOnlySpan<byte> RecordKey { get; }

    /// <summary>Whether the Kafka record's own key is null.</summary>
    public bool RecordKeyIsNull => (_flags & RecordKeyStored) != 0 ? (_flags & RecordKeyNull) != 0 : KeyIsNull;

    /// <summary>The Kafka headers in the form of <see cref="HeaderEncoding"/>; empty where there are none.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    /// <summary>
    /// The typed fields that conditions read, in the form of <see cref="Conditions.TypedFields"/>; empty where there
    /// are none.
    /// </summary>
    internal ReadOnlySpan<byte> Fields { get; }

    /// <summary>The event time, ms since the epoch.</summary>
    public long Time { get; }

    /// <summary>The Kafka timestamp, ms since the epoch.</summary>
    public long Timestamp { get; }

    /// <summary>The offset in the source partition.</summary>
    public long Offset { get; }

    /// <summary>The source partition.</summary>
    public int Partition { get; }

    /// <summary>The index of the source topic among those of its side.</summary>
    internal int Source { get; }

    internal uint KeyHash { get; }

    /// <summary>The place of the next record in the same bytes.</summary>
    internal int Next { get; }

    /// <exception cref="MalformedBatchException">The bytes are no record.</exception>
    internal static RecordView Read(ReadOnlySpan<byte> bytes, int position, scoped in BatchHeader header)
    {
        if (position < 0 || position + PrefixSize > bytes.Length)
            throw new MalformedBatchException($"a record at byte {position} of {bytes.Length}");
        var flags = bytes[position];
        var hash = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 1)..]);
        var p = position + PrefixSize;
        var length = Varint.ReadLength(bytes, ref p);
        var next = p + length;
        bytes = bytes[..next];
        var offset = header.From + (long)Varint.Read(bytes, ref p);
        var time = header.BaseTime + Varint.ReadSigned(bytes, ref p);
        var timestamp = header.BaseTimestamp + Varint.ReadSigned(bytes, ref p);
        var sections = default(Sections);
        if ((flags & KeyNull) == 0)
            sections.Key = Section(bytes, ref p);
        if ((flags & HasIdFlag) != 0)
            sections.Id = Section(bytes, ref p);
        if ((flags & ValueNull) == 0)
            sections.Value = Section(bytes, ref p);
        if ((flags & (RecordKeyStored | RecordKeyNull)) == RecordKeyStored)
            sections.RecordKey = Section(bytes, ref p);
        if ((flags & HasHeaders) != 0)
            sections.Headers = Section(bytes, ref p);
        if ((flags & HasFields) != 0)
            sections.Fields = Section(bytes, ref p);
        return new RecordView(flags, hash, offset, time, timestamp, header.Source, header.Partition, next, sections);
    }

    /// <summary>Reads no more than the key and the id, as a look-up needs them.</summary>
    internal static void ReadKeyAndId(
        ReadOnlySpan<byte> bytes, int position, out ReadOnlySpan<byte> key, out bool keyIsNull, out ReadOnlySpan<byte> id, out bool hasId)
    {
        var flags = bytes[position];
        var p = position + PrefixSize;
        for (var numbers = 4; numbers > 0; numbers--)
        {
            while (bytes[p++] >= 0x80)
            {
            }
        }

        keyIsNull = (flags & KeyNull) != 0;
        key = keyIsNull ? default : Section(bytes, ref p);
        hasId = (flags & HasIdFlag) != 0;
        id = hasId ? Section(bytes, ref p) : default;
    }

    /// <summary>The length of the record that begins the bytes.</summary>
    internal static int ReadLength(ReadOnlySpan<byte> bytes)
    {
        var position = PrefixSize;
        var length = Varint.ReadLength(bytes, ref position);
        return position + length;
    }

    static ReadOnlySpan<byte> Section(ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        var length = Varint.ReadLength(bytes, ref position);
        var section = bytes.Slice(position, length);
        position += length;
        return section;
    }

    ref struct Sections
    {
        internal ReadOnlySpan<byte> Key, Id, Value, RecordKey, Headers, Fields;
    }
}
