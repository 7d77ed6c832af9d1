using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Names a row of a key group for good. With the key group's number it is the row's id
/// (<see cref="OutputHeaders.Id"/>).
/// </summary>
/// <param name="Incarnation">Who wrote the row's event, as text.</param>
/// <param name="Sequence">The event's sequence number in the key group's journal.</param>
/// <param name="Index">The row's place among the outputs of its event, from 0.</param>
readonly record struct RowId(string Incarnation, long Sequence, int Index)
{
    // Two numbers and three hyphens, beside the incarnation and the index.
    const int NumbersMax = 48;

    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    internal int LengthMax => Encoding.UTF8.GetMaxByteCount(Incarnation.Length) + NumbersMax;

    /// <summary>
    /// What the ids of one event's outputs begin with: incarnation, key group, sequence number, each with a hyphen.
    /// </summary>
    internal static string Prefix(string incarnation, int group, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{incarnation}-{group}-{sequence}-");

    /// <summary>The id as a header has it.</summary>
    internal string Text(int group) => Prefix(Incarnation, group, Sequence) + Index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes <see cref="Text"/>; returns how many bytes.</summary>
    internal int Write(int group, Span<byte> target)
    {
        var length = Encoding.UTF8.GetBytes(Incarnation, target);
        target[length++] = (byte)'-';
        length += Digits(group, target[length..]);
        target[length++] = (byte)'-';
        length += Digits(Sequence, target[length..]);
        target[length++] = (byte)'-';
        return length + Digits(Index, target[length..]);
    }

    static int Digits(long number, Span<byte> target)
    {
        Utf8Formatter.TryFormat(number, target, out var digits);
        return digits;
    }
}
