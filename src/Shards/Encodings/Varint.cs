using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Encodings;

/// <summary>LEB128 integers, as Protocol Buffers has them; signed ones in zigzag form.</summary>
static class Varint
{
    /// <summary>The most bytes that a 64-bit number takes.</summary>
    internal const int LengthMax = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Write(Span<byte> target, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            target[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[i++] = (byte)value;
        return i;
    }

    internal static int WriteSigned(Span<byte> target, long value) => Write(target, Zigzag(value));

    internal static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    internal static int Length(ulong value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    /// <exception cref="MalformedBatchException">The bytes end in the number, or it is longer than 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Read(ReadOnlySpan<byte> source, scoped ref int position)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
            return source[position++];
        return ReadLong(source, ref position);
    }

    internal static long ReadSigned(ReadOnlySpan<byte> source, scoped ref int position)
    {
        var raw = Read(source, ref position);
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <exception cref="MalformedBatchException">The length does not fit the bytes that are left.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ReadLength(ReadOnlySpan<byte> source, scoped ref int position)
    {
        var length = Read(source, ref position);
        if (length > (ulong)(source.Length - position))
            throw new MalformedBatchException($"a length of {length} bytes at byte {position} of {source.Length}");
        return (int)length;
    }

    static ulong ReadLong(ReadOnlySpan<byte> source, scoped ref int position)
    {
        ulong result = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
                throw new MalformedBatchException("the bytes end in a number");
            var b = source[position++];
            result |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return result;
        }

        throw new MalformedBatchException("a number longer than 64 bits");
    }
}
