using System.Buffers.Binary;
using System.Text;

namespace AkkaJoin.Shards.Encodings;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Every read checks its bounds.</summary>
ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _position;

    internal readonly int Position => _position;

    internal readonly bool AtEnd => _position >= _bytes.Length;

    internal byte Byte()
    {
        Need(1);
        return _bytes[_position++];
    }

    internal long Long()
    {
        Need(8);
        var value = BinaryPrimitives.ReadInt64LittleEndian(_bytes[_position..]);
        _position += 8;
        return value;
    }

    internal long Number()
    {
        var value = Varint.Read(_bytes, ref _position);
        if (value > long.MaxValue)
            throw new MalformedBatchException($"the number {value}");
        return (long)value;
    }

    /// <summary>
    /// A number of things that follow, each at least one byte: so it cannot exceed the bytes that are left.
    /// </summary>
    internal int Count()
    {
        var value = Varint.Read(_bytes, ref _position);
        if (value > (ulong)(_bytes.Length - _position))
            throw new MalformedBatchException($"{value} items in {_bytes.Length - _position} bytes");
        return (int)value;
    }

    internal int Int()
    {
        var value = Varint.Read(_bytes, ref _position);
        if (value > int.MaxValue)
            throw new MalformedBatchException($"the number {value}");
        return (int)value;
    }

    internal ReadOnlySpan<byte> Bytes()
    {
        var length = Varint.ReadLength(_bytes, ref _position);
        var span = _bytes.Slice(_position, length);
        _position += length;
        return span;
    }

    internal string Text() => Encoding.UTF8.GetString(Bytes());

    readonly void Need(int count)
    {
        if (_bytes.Length - _position < count)
            throw new MalformedBatchException($"{count} bytes at {_position} of {_bytes.Length}");
    }
}
