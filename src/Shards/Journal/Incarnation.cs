using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// One life of a key group, from its recovery to its end, named by 64 random bits. Its text, 16 hexadecimal digits, is
/// the first part of the ids of its rows. Ids of journals had this form in format 1.
/// </summary>
readonly record struct Incarnation(long Bits)
{
    const int Digits = 16;

    /// <summary>
    /// Parses the text. Any other text, as an old journal may have it, gives an incarnation by its hash.
    /// </summary>
    internal static Incarnation Of(string text) =>
        text.Length == Digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? new Incarnation((long)bits)
            : new Incarnation((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)));

    /// <summary>An incarnation from 8 random bytes.</summary>
    internal static Incarnation Of(ReadOnlySpan<byte> random) => new(BinaryPrimitives.ReadInt64LittleEndian(random));

    /// <summary>Its bytes as events and snapshots have them.</summary>
    internal byte[] ToBytes() =>
        BitConverter.IsLittleEndian ? BitConverter.GetBytes(Bits) : BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(Bits));

    /// <inheritdoc/>
    public override string ToString() => Bits.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>
/// Names one event of a key group for good: by its number and by who wrote it. The number alone is not enough, because
/// it can name another event after the journal was rolled back. A journal that has the event has all events before it.
/// </summary>
/// <param name="Incarnation">The incarnation that wrote it.</param>
/// <param name="Number">Its number.</param>
readonly record struct EventId(Incarnation Incarnation, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Incarnation}-{Number}";
}
