using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// The unit that travels: the records of one source partition for one key group, in offset order, in one run of bytes:
/// a <see cref="BatchHeader"/>, then the records in the form of <see cref="RecordView"/>. The pipeline encodes it once;
/// the same bytes are the message to the key group and the journal event. The join's state copies the records that it
/// buffers, in this form too.
/// </summary>
static class RecordBatch
{
    /// <summary>
    /// Checks every record of the first batch in <paramref name="bytes"/>, headers and typed fields included, as a
    /// batch from the wire needs it once: what is journaled must never fail to be applied.
    /// </summary>
    /// <exception cref="MalformedBatchException">A record is malformed, out of order, or outside the range that the
    /// header names.</exception>
    internal static BatchHeader Validate(ReadOnlySpan<byte> bytes) => Validate(bytes, out _);

    /// <inheritdoc cref="Validate(ReadOnlySpan{byte})"/>
    /// <param name="bytes">Bytes that begin with the batch.</param>
    /// <param name="highestTime">
    /// The highest event time of its records, ms since the epoch; long.MinValue where it has none.
    /// </param>
    internal static BatchHeader Validate(ReadOnlySpan<byte> bytes, out long highestTime)
    {
        highestTime = long.MinValue;
        var header = BatchHeader.Read(bytes);
        bytes = bytes[..header.Length];
        var position = BatchHeader.Size;
        var previous = header.From - 1;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            if (record.Offset <= previous || record.Offset >= header.To)
                throw new MalformedBatchException($"offset {record.Offset} after {previous} in [{header.From}, {header.To})");
            if (record.Time is < TimeLimits.Min or > TimeLimits.Max)
                throw new MalformedBatchException($"event time {record.Time}");
            HeaderEncoding.Check(record.Headers);
            TypedFields.Check(record.Fields);
            highestTime = Math.Max(highestTime, record.Time);
            previous = record.Offset;
            position = record.Next;
        }

        if (position != header.Length)
            throw new MalformedBatchException($"{header.Count} records end at byte {position} of {header.Length}");
        return header;
    }
}
