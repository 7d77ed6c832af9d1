namespace AkkaJoin.Pipeline.Kafka;

/// <summary>Where one record lies in a <see cref="RecordChunk"/>. A length of -1 means null; headers of length 0 mean none.</summary>
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
