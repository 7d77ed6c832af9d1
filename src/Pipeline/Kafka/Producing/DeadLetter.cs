namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>A record that could not be decoded, unchanged, and why.</summary>
/// <param name="Key">The key, or null.</param>
/// <param name="Value">The value, or null.</param>
/// <param name="Headers">In the form of <see cref="Shards.Batches.HeaderEncoding"/>; empty = none.</param>
/// <param name="TimestampMs">ms since the epoch; -1 = none.</param>
/// <param name="Reason">A word of <see cref="Decoding.DeadLetterReasons"/>.</param>
/// <param name="Detail">What is wrong, in a sentence.</param>
/// <param name="Side">The side that read it.</param>
/// <param name="Topic">The source topic.</param>
/// <param name="Partition">The source partition.</param>
/// <param name="Offset">The source offset.</param>
sealed record DeadLetter(
    byte[]? Key,
    byte[]? Value,
    ReadOnlyMemory<byte> Headers,
    long TimestampMs,
    string Reason,
    string Detail,
    Side Side,
    string Topic,
    int Partition,
    long Offset)
{
    /// <summary>Copies record <paramref name="index"/> out of a chunk.</summary>
    internal static DeadLetter Create(RecordChunk chunk, int index, Side side, string reason, string detail)
    {
        ref var record = ref chunk.Records[index];
        return new DeadLetter(
            Copy(chunk.Buffer, record.KeyStart, record.KeyLength),
            Copy(chunk.Buffer, record.ValueStart, record.ValueLength),
            chunk.Buffer.AsSpan(record.HeadersStart, record.HeadersLength).ToArray(),
            record.TimestampMs,
            reason,
            detail,
            side,
            chunk.Topic,
            chunk.Partition,
            record.Offset);
    }

    /// <summary>
    /// Which parts were cut, in the form of <see cref="Shards.Outputs.OutputHeaders.Cut"/>; null = none.
    /// </summary>
    internal string? Cut { get; private init; }

    /// <summary>
    /// The same letter with no part longer than <paramref name="bytesMax"/>: key and value lose their ends, headers go
    /// as a whole. Source topic, partition and offset say where the whole record is.
    /// </summary>
    internal DeadLetter WithPartsUpTo(int bytesMax)
    {
        var parts = new List<string>();
        void Note(string part, int length)
        {
            if (length > bytesMax)
                parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{part} {length}"));
        }

        Note("key", Key?.Length ?? 0);
        Note("value", Value?.Length ?? 0);
        Note("headers", Headers.Length);
        return parts.Count == 0 ? this : this with
        {
            Key = Beginning(Key, bytesMax),
            Value = Beginning(Value, bytesMax),
            Headers = Headers.Length > bytesMax ? default : Headers,
            Cut = string.Join(", ", parts),
        };
    }

    static byte[]? Beginning(byte[]? bytes, int bytesMax) => bytes?.Length > bytesMax ? bytes[..bytesMax] : bytes;

    static byte[]? Copy(byte[] buffer, int start, int length) => length < 0 ? null : buffer.AsSpan(start, length).ToArray();
}
