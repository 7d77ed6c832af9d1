using System.Buffers;
using System.Buffers.Text;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Writes the header that leads from a row to its records, such as <c>l/0/3:17,r/0/1:9</c>. Of an attribution the right
/// stands first, and its lefts follow in the row's order. Nothing of it is state: the positions are those of the
/// buffered records.
/// </summary>
static class SourceHeader
{
    /// <summary>
    /// The most bytes of its value. Records beyond are counted: the value ends in ",+" and their number.
    /// </summary>
    internal const int BytesMax = 1024;

    // A position: two letters, three numbers, their signs, and a comma. What counts the rest is shorter.
    const int PositionMax = 48;

    /// <summary>Writes it behind the count of the row's headers, in the form of <see cref="HeaderEncoding"/>.</summary>
    internal static void Write(in JoinRow row, ArrayBufferWriter<byte> headers)
    {
        Span<byte> value = stackalloc byte[BytesMax];
        var length = 0;
        if (!row.IsAttribution && row.HasLeft)
            Append(value, ref length, (byte)'l', row.Left);
        if (row.HasRight)
            Append(value, ref length, (byte)'r', row.Right);
        var shown = 0;
        for (; shown < row.Lefts && length + (2 * PositionMax) <= BytesMax; shown++)
            Append(value, ref length, (byte)'l', row.GetLeft(shown));
        if (row.IsAttribution && row.LeftCount > shown)
        {
            ",+"u8.CopyTo(value[length..]);
            length += 2;
            Number(value, ref length, row.LeftCount - shown);
        }

        var target = headers.GetSpan(HeaderEncoding.SizeMax(Name.Length, length));
        headers.Advance(HeaderEncoding.Append(target, Name, value[..length], valueIsNull: false));
    }

    static ReadOnlySpan<byte> Name => "akkajoin-source"u8;

    static void Append(Span<byte> value, ref int length, byte side, in RecordView record)
    {
        if (length > 0)
            value[length++] = (byte)',';
        value[length++] = side;
        value[length++] = (byte)'/';
        Number(value, ref length, record.Source);
        value[length++] = (byte)'/';
        Number(value, ref length, record.Partition);
        value[length++] = (byte)':';
        Number(value, ref length, record.Offset);
    }

    static void Number(Span<byte> value, ref int length, long number)
    {
        Utf8Formatter.TryFormat(number, value[length..], out var digits);
        length += digits;
    }
}
