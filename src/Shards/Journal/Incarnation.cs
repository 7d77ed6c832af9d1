using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// One life of a key group, from a recovery to its end, as 64 random bits. Its text is the first part of the ids of the rows that it made, in the
/// form that the ids of journals had before: 16 hexadecimal digits.
/// </summary>
readonly record struct Incarnation(long Bits)
{
    const int Digits = 16;

    /// <summary>Of the text; a text that is no incarnation's (an old journal may have any) gives one of its own all the same.</summary>
    internal static Incarnation Of(string text) =>
        text.Length == Digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? new Incarnation((long)bits)
            : new Incarnation((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)));

    /// <summary>One from 8 random bytes.</summary>
    internal static Incarnation Of(ReadOnlySpan<byte> random) => new(BinaryPrimitives.ReadInt64LittleEndian(random));

    /// <summary>As it stands in events and snapshots.</summary>
    internal byte[] ToBytes() => BitConverter.IsLittleEndian ? BitConverter.GetBytes(Bits) : BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(Bits));

    /// <inheritdoc/>
    public override string ToString() => Bits.ToString("x16", CultureInfo.InvariantCulture);
}
