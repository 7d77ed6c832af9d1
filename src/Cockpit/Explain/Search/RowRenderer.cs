using System.Buffers;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>
/// Writes the value that a row of given records has, with the join's own row writer. A writer is pure, so a row in the
/// topic is known by its bytes, whatever the format.
/// </summary>
sealed class RowRenderer(JoinSettings join)
{
    readonly IRowWriter _writer = RowWriterFactory.Create(join);
    readonly ArrayBufferWriter<byte> _value = new(1024);

    /// <summary>The row of a pair. Not for attributions.</summary>
    internal byte[] Pair(InputRecord left, InputRecord right) => Write(JoinRow.Pair(Address(left).View(), Address(right).View()));

    /// <summary>The unmatched row of a record.</summary>
    internal byte[] Alone(InputRecord record)
    {
        var address = Address(record);
        if (join.Type != JoinType.Attribution)
            return Write(record.Side == Side.Left ? JoinRow.OnlyLeft(address.View()) : JoinRow.OnlyRight(address.View()));
        return Write(record.Side == Side.Left
            ? JoinRow.Untaken(new ReadOnlySpan<RecordAddress>(in address))
            : JoinRow.Attribution(address.View(), default, 0));
    }

    byte[] Write(in JoinRow row)
    {
        _value.ResetWrittenCount();
        _writer.Write(row, _value);
        return _value.WrittenSpan.ToArray();
    }

    static RecordAddress Address(InputRecord record)
    {
        var batch = new RecordBatchWriter();
        batch.Begin(record.Offset);
        batch.Add(new NewRecord
        {
            Offset = record.Offset,
            Time = record.Time,
            Timestamp = record.TimestampMs,
            KeyHash = record.Key is null ? 0 : KeyHash.Of(record.Key),
            Key = record.Key,
            KeyIsNull = record.Key is null,
            Id = record.Id,
            HasId = record.Id is not null,
            Value = record.Value,
            ValueIsNull = record.Value is null,
            RecordKey = record.RecordKey,
            RecordKeyIsNull = record.RecordKey is null,
            Headers = record.Headers,
            Fields = record.Fields,
        });
        var bytes = batch.End(record.Side, 0, record.Partition, record.Partition + 1, record.Offset + 1, record.Time, 1).ToArray();
        return new RecordAddress(bytes, BatchHeader.Size, 0);
    }
}
