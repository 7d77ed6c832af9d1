namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Consecutive records of one partition from one poll. Their bytes lie in one buffer; <see cref="Records"/> says where.
/// A chunk without records says that the position moved (the end of the partition, control records).
/// <example>
/// Offsets 10, 11 and 13 were read, 12 is the marker of a transaction: From = 10, To = 14, Count = 3. The next chunk
/// has From = 14.
/// </example>
/// </summary>
sealed class RecordChunk
{
    // About what a batch says of a record beside its bytes.
    const int RecordOverheadBytes = 16;

    internal required string Topic { get; init; }

    internal required int Partition { get; init; }

    /// <summary>
    /// Counts the assignments of this partition to this consumer; a chunk of an older one is dropped.
    /// </summary>
    internal required int Generation { get; init; }

    /// <summary>The position before the chunk: the offset that its first record may have.</summary>
    internal required long From { get; init; }

    /// <summary>The position after the chunk: above the last record, control records included.</summary>
    internal required long To { get; init; }

    /// <summary>Whether the chunk ends at the end of the partition as the broker told it.</summary>
    internal required bool AtEnd { get; init; }

    /// <summary>The end of the partition's log as librdkafka heard of it last; -1 = not yet.</summary>
    internal long LogEnd { get; init; } = -1;

    /// <summary>
    /// Whether the source had nothing more to read when it emitted this: the last chunk of one answer of the broker.
    /// </summary>
    internal bool IsLast { get; init; }

    internal required byte[] Buffer { get; init; }

    internal required ChunkRecord[] Records { get; init; }

    internal required int Count { get; init; }

    /// <summary>Bytes of <see cref="Buffer"/> in use.</summary>
    internal required int Length { get; init; }

    /// <summary>
    /// What the chunk counts as until it is done, against the partition's limit: its bytes, and a little for each
    /// record, since records may be empty.
    /// </summary>
    internal int InFlightBytes => Length + (Count * RecordOverheadBytes);
}

/// <summary>
/// Where one record lies in a <see cref="RecordChunk"/>. A length of -1 means null; headers of length 0 mean none.
/// </summary>
struct ChunkRecord
{
    internal long Offset;

    /// <summary>The Kafka timestamp, ms since the epoch; -1 where the record has none.</summary>
    internal long TimestampMs;

    internal int KeyStart, KeyLength;
    internal int ValueStart, ValueLength;

    /// <summary>In the form of <see cref="Shards.Batches.HeaderEncoding"/>.</summary>
    internal int HeadersStart, HeadersLength;
}
