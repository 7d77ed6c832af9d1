using System.Text;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Makes the chunks that the join's decoding takes, each of one record.</summary>
static class RecordChunks
{
    /// <summary>A chunk of a record that a consumer delivered.</summary>
    internal static RecordChunk Of(ConsumeResult<byte[]?, byte[]?> record) => Of(
        record.Topic,
        record.Partition.Value,
        record.Offset.Value,
        record.Message.Timestamp.Type == TimestampType.NotAvailable ? -1 : record.Message.Timestamp.UnixTimestampMs,
        record.Message.Key,
        record.Message.Value,
        Encode(record.Message.Headers));

    /// <summary>A chunk of one record.</summary>
    internal static RecordChunk Of(
        string topic, int partition, long offset, long timestampMs, byte[]? key, byte[]? value, byte[] headers)
    {
        byte[] buffer = [.. key ?? [], .. value ?? [], .. headers];
        var keyLength = key?.Length ?? 0;
        var record = new ChunkRecord
        {
            Offset = offset,
            TimestampMs = timestampMs,
            KeyLength = key?.Length ?? -1,
            ValueStart = keyLength,
            ValueLength = value?.Length ?? -1,
            HeadersStart = keyLength + (value?.Length ?? 0),
            HeadersLength = headers.Length,
        };
        return new RecordChunk
        {
            Topic = topic,
            Partition = partition,
            Generation = 0,
            From = offset,
            To = offset + 1,
            AtEnd = false,
            Buffer = buffer,
            Records = [record],
            Count = 1,
            Length = buffer.Length,
        };
    }

    /// <summary>Headers in the form of <see cref="HeaderEncoding"/>; empty where there are none.</summary>
    internal static byte[] Encode(Headers? headers)
    {
        if (headers is null || headers.Count == 0)
            return [];
        var encoded = headers.Select(header => (Name: Encoding.UTF8.GetBytes(header.Key), Value: header.GetValueBytes())).ToList();
        var bytes = new byte[10 + encoded.Sum(header => HeaderEncoding.SizeMax(header.Name.Length, header.Value?.Length ?? 0))];
        var length = HeaderEncoding.WriteCount(bytes, encoded.Count);
        foreach (var (name, value) in encoded)
            length += HeaderEncoding.Append(bytes.AsSpan(length), name, value, value is null);
        return bytes[..length];
    }
}
