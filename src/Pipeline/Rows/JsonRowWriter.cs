using System.Buffers;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>
/// Writes {"key","leftTime","rightTime","left","right"}, for attributions
/// {"key","rightTime","right","lefts","leftCount"}. The values are embedded as their producers wrote them.
/// </summary>
sealed class JsonRowWriter : IRowWriter
{
    readonly RowValues _values;

    /// <summary>A writer for rows of these inputs.</summary>
    public JsonRowWriter(RowSide left, RowSide right) => _values = new RowValues(left, right);

    /// <inheritdoc/>
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        output.Write("{\"key\":"u8);
        _values.Key(row, output);
        if (row.IsAttribution)
            WriteAttribution(row, output);
        else
            WritePair(row, output);
        JsonText.WriteByte(output, (byte)'}');
    }

    void WritePair(in JoinRow row, IBufferWriter<byte> output)
    {
        output.Write(",\"leftTime\":"u8);
        RowValues.Time(row.HasLeft, row.HasLeft ? row.Left.Time : 0, output);
        output.Write(",\"rightTime\":"u8);
        RowValues.Time(row.HasRight, row.HasRight ? row.Right.Time : 0, output);
        output.Write(",\"left\":"u8);
        if (row.HasLeft)
            _values.Left(row.Left, output);
        else
            output.Write("null"u8);
        output.Write(",\"right\":"u8);
        WriteRight(row, output);
    }

    void WriteAttribution(in JoinRow row, IBufferWriter<byte> output)
    {
        output.Write(",\"rightTime\":"u8);
        RowValues.Time(row.HasRight, row.HasRight ? row.Right.Time : 0, output);
        output.Write(",\"right\":"u8);
        WriteRight(row, output);
        output.Write(",\"lefts\":"u8);
        _values.Lefts(row, output);
        output.Write(",\"leftCount\":"u8);
        JsonText.WriteInt64(output, row.LeftCount);
    }

    void WriteRight(in JoinRow row, IBufferWriter<byte> output)
    {
        if (row.HasRight)
            _values.Right(row.Right, output);
        else
            output.Write("null"u8);
    }
}
