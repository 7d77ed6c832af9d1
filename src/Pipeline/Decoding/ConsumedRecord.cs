namespace AkkaJoin.Pipeline.Decoding;

/// <summary>A record as the broker delivered it; valid during the call only.</summary>
public readonly ref struct ConsumedRecord
{
    /// <summary>The record's key; empty where <see cref="KeyIsNull"/>.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Whether the key is null.</summary>
    public bool KeyIsNull { get; init; }

    /// <summary>The value; empty where <see cref="ValueIsNull"/>.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull { get; init; }

    /// <summary>
    /// The headers, in the form of <see cref="Shards.Batches.HeaderEncoding"/>; empty where there are none.
    /// </summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>The Kafka timestamp, ms since the epoch; -1 where the record has none.</summary>
    public long TimestampMs { get; init; }
}
