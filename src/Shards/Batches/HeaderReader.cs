using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>Reads what <see cref="HeaderEncoding"/> wrote, one header after the other, without a copy.</summary>
public ref struct HeaderReader
{
    readonly ReadOnlySpan<byte> _bytes;
    int _position;
    int _left;

    internal HeaderReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
        _left = 0;
        if (bytes.Length > 0)
            _left = (int)Math.Min(Varint.Read(bytes, ref _position), int.MaxValue);
        Count = _left;
    }

    /// <summary>How many headers there are.</summary>
    public int Count { get; }

    /// <summary>The name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value; empty where <see cref="ValueIsNull"/>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull { get; private set; }

    /// <summary>Goes to the next header.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no headers.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
            return false;
        _left--;
        var length = Varint.ReadLength(_bytes, ref _position);
        Name = _bytes.Slice(_position, length);
        _position += length;
        var lengthAndOne = Varint.Read(_bytes, ref _position);
        ValueIsNull = lengthAndOne == 0;
        if (lengthAndOne > (ulong)(_bytes.Length - _position) + 1)
            throw new MalformedBatchException("a header's value is longer than the bytes that are left");
        Value = ValueIsNull ? default : _bytes.Slice(_position, (int)lengthAndOne - 1);
        _position += Value.Length;
        return true;
    }
}
