using System.Buffers.Binary;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// The head of a <see cref="RecordBatch"/>: 64 bytes, little-endian, at fixed places.
/// <code>
///  0 u8  version (1)      16 i64 from         40 i64 base time, ms
///  1 u8  side             24 i64 to           48 i64 base timestamp, ms
///  2 u16 source index     32 i64 watermark    56 i32 partition count of the topic
///  4 i32 partition                            60 i32 assignment generation
///  8 i32 length, header included
/// 12 i32 record count
/// </code>
/// The batch holds all records of its partition in [from, to) that belong to its key group; the watermark is computed
/// from all records of the partition below <c>to</c>, those of other key groups included, and from nothing else.
/// </summary>
readonly record struct BatchHeader
{
    /// <summary>Bytes of a header.</summary>
    internal const int Size = 64;

    /// <summary>The format written today; every earlier one stays readable.</summary>
    internal const byte CurrentVersion = 1;

    /// <summary>A watermark that says nothing: no record was seen.</summary>
    internal const long NoWatermark = long.MinValue;

    /// <summary>The most partitions of a topic; more are damage, and would be walked through in every event.</summary>
    internal const int PartitionCountMax = 1 << 20;

    internal Side Side { get; init; }

    internal int Source { get; init; }

    internal int Partition { get; init; }

    internal int Length { get; init; }

    internal int Count { get; init; }

    internal long From { get; init; }

    internal long To { get; init; }

    internal long Watermark { get; init; }

    internal long BaseTime { get; init; }

    internal long BaseTimestamp { get; init; }

    internal int PartitionCount { get; init; }

    internal int Generation { get; init; }

    internal PartitionId PartitionId => new(Side, Source, Partition);

    internal void Write(Span<byte> target)
    {
        target[0] = CurrentVersion;
        target[1] = (byte)Side;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)Source);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Partition);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], From);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], To);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], Watermark);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], BaseTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], BaseTimestamp);
        BinaryPrimitives.WriteInt32LittleEndian(target[56..], PartitionCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[60..], Generation);
    }

    /// <summary>Whether two headers are of one batch: equal but for length and count.</summary>
    internal static bool AreOfOneBatch(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a[16..Size].SequenceEqual(b[16..Size]) && a[..8].SequenceEqual(b[..8]);

    /// <summary>Copies a header, as that of a batch without records.</summary>
    internal static void CopyEmpty(ReadOnlySpan<byte> header, Span<byte> target)
    {
        header[..Size].CopyTo(target);
        SetContent(target, Size, 0);
    }

    /// <summary>Changes length and count of a header.</summary>
    internal static void SetContent(Span<byte> header, int length, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], count);
    }

    /// <exception cref="MalformedBatchException">
    /// The bytes are no header of a known version, or contradict themselves.
    /// </exception>
    internal static BatchHeader Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < Size)
            throw new MalformedBatchException($"a batch header of {source.Length} bytes");
        if (source[0] != CurrentVersion)
            throw new MalformedBatchException($"batch format version {source[0]}; this program reads up to {CurrentVersion}");
        var header = new BatchHeader
        {
            Side = (Side)source[1],
            Source = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]),
            Partition = BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            Length = BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            Count = BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            From = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            To = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            Watermark = BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BaseTime = BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
            PartitionCount = BinaryPrimitives.ReadInt32LittleEndian(source[56..]),
            Generation = BinaryPrimitives.ReadInt32LittleEndian(source[60..]),
        };
        header.Check(source.Length);
        return header;
    }

    void Check(int available)
    {
        if (Side > Side.Right)
            throw new MalformedBatchException($"side {(byte)Side}");
        if (Length < Size || Length > available)
            throw new MalformedBatchException($"a batch of {Length} bytes in {available}");
        if (Partition < 0 || Count < 0 || From < 0 || To < From || PartitionCount <= Partition || PartitionCount > PartitionCountMax)
            throw new MalformedBatchException(
                $"partition {Partition} of {PartitionCount}, {Count} records in offsets [{From}, {To})");
    }
}
