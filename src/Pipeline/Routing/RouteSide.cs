using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>How the records of a topic become records of one side.</summary>
sealed class RouteSide(Side side, int source, IRecordDecoder decoder, SideTally? tally = null)
{
    /// <summary>Counts what is found in the side's records, on the router's thread.</summary>
    internal SideTally Tally { get; } = tally ?? new SideTally();

    internal Side Side => side;

    internal PartitionId Id(int partition) => new(side, source, partition);

    /// <summary>Decodes one record of a chunk. False where it is a dead letter.</summary>
    internal bool Decode(RecordChunk chunk, int index, DecodedRecord decoded)
    {
        ref var record = ref chunk.Records[index];
        decoded.Clear();
        decoded.FilterFields = Tally.Filter;
        var consumed = new ConsumedRecord
        {
            Key = Span(chunk.Buffer, record.KeyStart, record.KeyLength),
            KeyIsNull = record.KeyLength < 0,
            Value = Span(chunk.Buffer, record.ValueStart, record.ValueLength),
            ValueIsNull = record.ValueLength < 0,
            Headers = Span(chunk.Buffer, record.HeadersStart, record.HeadersLength),
            TimestampMs = record.TimestampMs,
        };
        try
        {
            if (!decoder.Decode(consumed, decoded))
                return false;
            if (!Tally.Where.IsEmpty)
                decoded.LacksField |= Tally.Where.Count(decoded.Fields.WrittenSpan);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A decoder of the user's own must not stop the join over one record.
            return decoded.Fail(DeadLetterReasons.DecoderFailed, e.Message);
        }
    }

    /// <summary>The record as it goes into a batch.</summary>
    internal static NewRecord Record(RecordChunk chunk, ref ChunkRecord source, DecodedRecord decoded) => new()
    {
        Offset = source.Offset,
        Time = decoded.Time,
        Timestamp = source.TimestampMs,
        KeyHash = decoded.KeyIsNull ? 0 : KeyHash.Of(decoded.Key.WrittenSpan),
        Key = decoded.KeyIsNull ? default : decoded.Key.WrittenSpan,
        KeyIsNull = decoded.KeyIsNull,
        Id = decoded.HasId ? decoded.Id.WrittenSpan : default,
        HasId = decoded.HasId,
        Value = Span(chunk.Buffer, source.ValueStart, source.ValueLength),
        ValueIsNull = source.ValueLength < 0,
        RecordKey = Span(chunk.Buffer, source.KeyStart, source.KeyLength),
        RecordKeyIsNull = source.KeyLength < 0,
        Headers = Span(chunk.Buffer, source.HeadersStart, source.HeadersLength),
        Fields = decoded.Fields.WrittenSpan,
    };

    static ReadOnlySpan<byte> Span(byte[] buffer, int start, int length) => length <= 0 ? default : buffer.AsSpan(start, length);
}
