namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>A record of a source topic, and what the join's decoder makes of it now.</summary>
sealed record InputRecord
{
    /// <summary>The side that reads it.</summary>
    public required Side Side { get; init; }

    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Its partition.</summary>
    public required int Partition { get; init; }

    /// <summary>Its offset.</summary>
    public required long Offset { get; init; }

    /// <summary>The Kafka timestamp, ms since the epoch; -1 = none.</summary>
    public long TimestampMs { get; init; } = -1;

    /// <summary>The Kafka record's own key, or null.</summary>
    public byte[]? RecordKey { get; init; }

    /// <summary>The value, or null.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The headers, in the form of <see cref="Shards.Batches.HeaderEncoding"/>.</summary>
    public byte[] Headers { get; init; } = [];

    /// <summary>What the decoder made of it.</summary>
    public InputFate Fate { get; init; }

    /// <summary>Why it is a dead letter: a word.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// Why it is a dead letter or filtered, or which part of its key is null: in a sentence, or empty.
    /// </summary>
    public string Detail { get; init; } = "";

    /// <summary>The join key; null = it is null. Counts where it is <see cref="InputFate.Joined"/>.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The event time, ms since the epoch. Counts where it is <see cref="InputFate.Joined"/>.</summary>
    public long Time { get; init; }

    /// <summary>The id, or null.</summary>
    public byte[]? Id { get; init; }

    /// <summary>The typed fields that <c>where</c> reads.</summary>
    public byte[] Fields { get; init; } = [];

    /// <summary>Whether it is at a position.</summary>
    internal bool IsAt(Side side, int partition, long offset) => Side == side && Partition == partition && Offset == offset;

    /// <summary>Whether it is the other record, and not a copy of it.</summary>
    internal bool IsSameAs(InputRecord other) => IsAt(other.Side, other.Partition, other.Offset);
}

/// <summary>What the decoder makes of a record.</summary>
enum InputFate
{
    /// <summary>It goes to a key group.</summary>
    Joined,

    /// <summary>The filter leaves it out.</summary>
    Filtered,

    /// <summary>It cannot be decoded.</summary>
    DeadLetter,
}
