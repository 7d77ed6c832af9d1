using System.Buffers;
using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace CustomFormat;

/// <summary>
/// Writes rows such as <c>m1|i7|p3</c>, for an attribution <c>m1|i7,i8|p3|2</c>: <c>output.format =
/// "CustomFormat.ColumnRowWriter, CustomFormat"</c>. What is missing is empty. It takes nothing but the row: no clock,
/// no counter, no random number.
/// </summary>
public sealed class ColumnRowWriter : IRowWriter
{
    /// <inheritdoc/>
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(row.Key);
        output.Write("|"u8);
        if (row.HasLeft)
            output.Write(row.Left.Id);
        for (var i = 0; i < row.Lefts; i++)
            WriteLeft(row.GetLeft(i), i, output);
        output.Write("|"u8);
        if (row.HasRight)
            output.Write(row.Right.Id);
        if (row.IsAttribution)
            output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"|{row.LeftCount}")));
    }

    static void WriteLeft(RecordView left, int index, IBufferWriter<byte> output)
    {
        if (index > 0)
            output.Write(","u8);
        output.Write(left.Id);
    }
}
