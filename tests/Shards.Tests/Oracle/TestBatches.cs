using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Writes batches of the wire format.</summary>
static class TestBatches
{
    internal static byte[] Encode(TestBatch batch)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(batch.From);
        foreach (var record in batch.Records)
            Add(writer, record);
        return writer.End(
            batch.Side, 0, batch.Partition, batch.PartitionCount, batch.To, batch.Watermark ?? BatchHeader.NoWatermark, 1).ToArray();
    }

    static void Add(RecordBatchWriter writer, TestRecord record)
    {
        var fields = new ArrayBufferWriter<byte>();
        if (record.X is { } x)
            TypedFields.WriteInt64(fields, x);
        else
            TypedFields.WriteMissing(fields);
        var key = record.Key is null ? null : Encoding.UTF8.GetBytes(record.Key);
        writer.Add(new NewRecord
        {
            Offset = record.Offset,
            Time = record.Time,
            Timestamp = record.Time + 1,
            KeyHash = KeyHash.Of(key),
            Key = key,
            KeyIsNull = key is null,
            RecordKey = key,
            RecordKeyIsNull = key is null,
            Id = record.Id is null ? default : Encoding.UTF8.GetBytes(record.Id),
            HasId = record.Id is not null,
            Value = Encoding.UTF8.GetBytes(record.Name),
            Fields = fields.WrittenSpan,
        });
    }
}
