using System.Buffers.Binary;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// Builds one <see cref="RecordBatch"/> after the other in a buffer that grows and is used again. Records come in
/// offset order; the header is written last, when the range is known.
/// </summary>
sealed class RecordBatchWriter
{
    byte[] _buffer = new byte[4096];
    long _baseTime;
    long _baseTimestamp;
    long _from;

    /// <summary>Records since <see cref="Begin"/>.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes since <see cref="Begin"/>, header included.</summary>
    internal int Length { get; private set; } = BatchHeader.Size;

    /// <summary>Begins a batch; no record may have an offset below <paramref name="from"/>.</summary>
    internal void Begin(long from)
    {
        _from = from;
        Count = 0;
        Length = BatchHeader.Size;
    }

    /// <summary>Appends a record. <paramref name="record"/> is read, not kept.</summary>
    internal void Add(in NewRecord record)
    {
        if (Count == 0)
        {
            _baseTime = record.Time;
            _baseTimestamp = record.Timestamp;
        }

        Span<byte> numbers = stackalloc byte[3 * Varint.LengthMax];
        var n = Varint.Write(numbers, (ulong)(record.Offset - _from));
        n += Varint.WriteSigned(numbers[n..], record.Time - _baseTime);
        n += Varint.WriteSigned(numbers[n..], record.Timestamp - _baseTimestamp);
        var flags = Flags(record);
        var body = n + BodyLength(record, flags);
        Reserve(RecordView.PrefixSize + Varint.LengthMax + body);

        var target = _buffer.AsSpan(Length);
        target[0] = flags;
        BinaryPrimitives.WriteUInt32LittleEndian(target[1..], (uint)record.KeyHash);
        var p = RecordView.PrefixSize + Varint.Write(target[RecordView.PrefixSize..], (ulong)body);
        numbers[..n].CopyTo(target[p..]);
        p += n;
        if ((flags & RecordView.KeyNull) == 0)
            p += Section(target[p..], record.Key);
        if ((flags & RecordView.HasIdFlag) != 0)
            p += Section(target[p..], record.Id);
        if ((flags & RecordView.ValueNull) == 0)
            p += Section(target[p..], record.Value);
        if ((flags & (RecordView.RecordKeyStored | RecordView.RecordKeyNull)) == RecordView.RecordKeyStored)
            p += Section(target[p..], record.RecordKey);
        if ((flags & RecordView.HasHeaders) != 0)
            p += Section(target[p..], record.Headers);
        if ((flags & RecordView.HasFields) != 0)
            p += Section(target[p..], record.Fields);
        Length += p;
        Count++;
    }

    /// <summary>Ends the batch. The bytes are valid until the next <see cref="Begin"/>.</summary>
    internal ReadOnlySpan<byte> End(Side side, int source, int partition, int partitionCount, long to, long watermark, int generation)
    {
        new BatchHeader
        {
            Side = side,
            Source = source,
            Partition = partition,
            PartitionCount = partitionCount,
            Length = Length,
            Count = Count,
            From = _from,
            To = to,
            Watermark = watermark,
            BaseTime = Count == 0 ? 0 : _baseTime,
            BaseTimestamp = Count == 0 ? 0 : _baseTimestamp,
            Generation = generation,
        }.Write(_buffer);
        return _buffer.AsSpan(0, Length);
    }

    static byte Flags(in NewRecord record)
    {
        var flags = 0;
        if (record.KeyIsNull)
            flags |= RecordView.KeyNull;
        if (record.HasId)
            flags |= RecordView.HasIdFlag;
        if (record.ValueIsNull)
            flags |= RecordView.ValueNull;
        if (record.RecordKeyIsNull)
            flags |= record.KeyIsNull ? 0 : RecordView.RecordKeyStored | RecordView.RecordKeyNull;
        else if (record.KeyIsNull || !record.RecordKey.SequenceEqual(record.Key))
            flags |= RecordView.RecordKeyStored;
        if (record.Headers.Length > 0)
            flags |= RecordView.HasHeaders;
        if (record.Fields.Length > 0)
            flags |= RecordView.HasFields;
        return (byte)flags;
    }

    static int BodyLength(in NewRecord record, byte flags)
    {
        var length = 0;
        if ((flags & RecordView.KeyNull) == 0)
            length += Sized(record.Key);
        if ((flags & RecordView.HasIdFlag) != 0)
            length += Sized(record.Id);
        if ((flags & RecordView.ValueNull) == 0)
            length += Sized(record.Value);
        if ((flags & (RecordView.RecordKeyStored | RecordView.RecordKeyNull)) == RecordView.RecordKeyStored)
            length += Sized(record.RecordKey);
        if ((flags & RecordView.HasHeaders) != 0)
            length += Sized(record.Headers);
        if ((flags & RecordView.HasFields) != 0)
            length += Sized(record.Fields);
        return length;
    }

    static int Sized(ReadOnlySpan<byte> bytes) => Varint.Length((ulong)bytes.Length) + bytes.Length;

    static int Section(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        var p = Varint.Write(target, (ulong)bytes.Length);
        bytes.CopyTo(target[p..]);
        return p + bytes.Length;
    }

    void Reserve(int more)
    {
        if (Length + more > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + more));
    }
}
