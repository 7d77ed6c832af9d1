using System.Buffers;
using System.Text.Unicode;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>Writes the parts of a row as JSON values.</summary>
sealed class RowValues(RowSide left, RowSide right)
{
    /// <summary>
    /// The key: the array itself where it is one, else a text, or base64 where a record's key is no UTF-8; null for a
    /// null key. (Where one side has a composite key and the other a record key, a pair's key is the array that both
    /// have.)
    /// </summary>
    internal void Key(in JoinRow row, IBufferWriter<byte> output)
    {
        var hasLeft = row.HasLeft || row.Lefts > 0;
        if (row.KeyIsNull)
            output.Write("null"u8);
        else if ((row.HasRight && right.CompositeKey) || (hasLeft && left.CompositeKey))
            output.Write(row.Key);
        else if (Utf8.IsValid(row.Key))
            JsonText.Write(output, row.Key);
        else
            JsonText.WriteBase64(output, row.Key);
    }

    /// <summary>
    /// The value of a left record as its producer wrote it, without a byte order mark or framing before the JSON;
    /// base64 where it is no JSON; null where it is null.
    /// </summary>
    internal void Left(in RecordView record, IBufferWriter<byte> output) => Value(record, left.Raw, output);

    /// <summary>
    /// The value of a right record as its producer wrote it, without a byte order mark or framing before the JSON;
    /// base64 where it is no JSON; null where it is null.
    /// </summary>
    internal void Right(in RecordView record, IBufferWriter<byte> output) => Value(record, right.Raw, output);

    /// <summary>The values of the lefts of an attribution row, as an array.</summary>
    internal void Lefts(in JoinRow row, IBufferWriter<byte> output)
    {
        JsonText.WriteByte(output, (byte)'[');
        for (var i = 0; i < row.Lefts; i++)
        {
            if (i > 0)
                JsonText.WriteByte(output, (byte)',');
            Left(row.GetLeft(i), output);
        }

        JsonText.WriteByte(output, (byte)']');
    }

    /// <summary>A time, or null where there is no record.</summary>
    internal static void Time(bool has, long time, IBufferWriter<byte> output)
    {
        if (has)
            JsonText.WriteInt64(output, time);
        else
            output.Write("null"u8);
    }

    static void Value(in RecordView record, bool raw, IBufferWriter<byte> output)
    {
        if (record.ValueIsNull)
            output.Write("null"u8);
        else if (raw)
            JsonText.WriteBase64(output, record.Value);
        else
            output.Write(JsonPrefix.Skip(record.Value));
    }
}
