namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Consecutive records of one partition as the source read them: the bytes in one buffer, a place per record. A chunk without records
/// tells that the position moved (the end of the partition, control records).
/// </summary>
sealed class RecordChunk
{
    // About what a batch says of a record beside its bytes.
    const int RecordCredit = 16;

    internal required string Topic { get; init; }

    internal required int Partition { get; init; }

    /// <summary>Counts the assignments of this partition to this consumer; a chunk of an older one is dropped.</summary>
    internal required int Generation { get; init; }

    /// <summary>The offset that the first record of the chunk may have: the position before it.</summary>
    internal required long From { get; init; }

    /// <summary>The position after the chunk: above the last record, control records included.</summary>
    internal required long To { get; init; }

    /// <summary>Whether the chunk ends at the end of the partition as the broker told it.</summary>
    internal required bool AtEnd { get; init; }

    /// <summary>The end of the partition's log as librdkafka heard of it last; -1 = not yet.</summary>
    internal long LogEnd { get; init; } = -1;

    /// <summary>Whether the source had nothing more to read when it handed this over: what came with one answer of the broker ends here.</summary>
    internal bool IsLast { get; init; }

    internal required byte[] Buffer { get; init; }

    internal required ChunkRecord[] Records { get; init; }

    internal required int Count { get; init; }

    /// <summary>Bytes of <see cref="Buffer"/> in use.</summary>
    internal required int Length { get; init; }

    /// <summary>The credit that goes back when the chunk is done: its bytes, and a little for each record, since records may be empty.</summary>
    internal int Credit => Length + (Count * RecordCredit);
}
