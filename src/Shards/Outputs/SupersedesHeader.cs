using System.Buffers;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Writes the header of a repaired row that names the rows whose place it takes, such as
/// <c>a2bff402e3b34ba4-7-2-0,a2bff402e3b34ba4-7-5-1</c>.
/// </summary>
static class SupersedesHeader
{
    /// <summary>Writes it behind the count of the row's headers, in the form of <see cref="HeaderEncoding"/>.</summary>
    internal static void Write(ReadOnlySpan<RowId> rows, int group, ArrayBufferWriter<byte> headers)
    {
        var max = 0;
        foreach (var row in rows)
            max += row.LengthMax + 1;
        var value = ArrayPool<byte>.Shared.Rent(max);
        var length = 0;
        foreach (var row in rows)
        {
            if (length > 0)
                value[length++] = (byte)',';
            length += row.Write(group, value.AsSpan(length));
        }

        var target = headers.GetSpan(HeaderEncoding.SizeMax(Name.Length, length));
        headers.Advance(HeaderEncoding.Append(target, Name, value.AsSpan(0, length), valueIsNull: false));
        ArrayPool<byte>.Shared.Return(value);
    }

    static ReadOnlySpan<byte> Name => "akkajoin-supersedes"u8;
}
