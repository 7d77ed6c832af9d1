using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AkkaJoin.Shards.Encodings;

/// <summary>Writes numbers, texts and runs of bytes, little-endian, lengths as varints.</summary>
sealed class ByteWriter(int capacity = 256)
{
    readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    internal int Length => _buffer.WrittenCount;

    internal ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    internal byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    internal void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    internal void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    internal void Number(long value) => _buffer.Advance(Varint.Write(_buffer.GetSpan(Varint.LengthMax), (ulong)value));

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Raw(bytes);
    }

    /// <summary>Bytes without a length before them.</summary>
    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.GetSpan(Math.Max(1, bytes.Length)));
        _buffer.Advance(bytes.Length);
    }

    internal void Clear() => _buffer.ResetWrittenCount();

    internal void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));
}
