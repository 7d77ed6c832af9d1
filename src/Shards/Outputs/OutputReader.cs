using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Outputs;

/// <summary>Reads what <see cref="OutputEncoding"/> describes, one output after the other, without a copy.</summary>
ref struct OutputReader
{
    readonly ReadOnlySpan<byte> _bytes;
    int _position;

    internal OutputReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Index = -1;
    }

    /// <summary>The output's place in its event, the last part of its id.</summary>
    public int Index { get; private set; }

    /// <summary>What it is.</summary>
    public RowKind Kind { get; private set; }

    /// <summary>
    /// The later of the event times that it joins, or the original timestamp of a late record; ms since the epoch.
    /// </summary>
    public long TimestampMs { get; private set; }

    /// <summary>The key; empty where <see cref="KeyIsNull"/>.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Whether the key is null.</summary>
    public bool KeyIsNull { get; private set; }

    /// <summary>The value; empty where <see cref="ValueIsNull"/>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull { get; private set; }

    /// <summary>The headers, in the form of <see cref="HeaderEncoding"/>.</summary>
    public ReadOnlySpan<byte> Headers { get; private set; }

    /// <summary>Goes to the next output.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no outputs.</exception>
    public bool MoveNext()
    {
        if (_position >= _bytes.Length)
            return false;
        if (_bytes.Length - _position < 9)
            throw new MalformedBatchException("outputs end in a head");
        Index++;
        Kind = (RowKind)_bytes[_position];
        TimestampMs = BinaryPrimitives.ReadInt64LittleEndian(_bytes[(_position + 1)..]);
        _position += 9;
        Key = Nullable(out var keyIsNull);
        KeyIsNull = keyIsNull;
        Value = Nullable(out var valueIsNull);
        ValueIsNull = valueIsNull;
        var length = Varint.ReadLength(_bytes, ref _position);
        Headers = _bytes.Slice(_position, length);
        _position += length;
        return true;
    }

    ReadOnlySpan<byte> Nullable(out bool isNull)
    {
        var lengthAndOne = Varint.Read(_bytes, ref _position);
        isNull = lengthAndOne == 0;
        if (isNull)
            return default;
        if (lengthAndOne - 1 > (ulong)(_bytes.Length - _position))
            throw new MalformedBatchException("an output is longer than the bytes that are left");
        var span = _bytes.Slice(_position, (int)lengthAndOne - 1);
        _position += span.Length;
        return span;
    }
}
