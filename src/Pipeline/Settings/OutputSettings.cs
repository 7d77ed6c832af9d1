namespace AkkaJoin.Pipeline.Settings;

/// <summary>Where rows, late records and dead letters go.</summary>
public sealed record OutputSettings
{
    /// <summary>The topic of the rows.</summary>
    public required string Topic { get; init; }

    /// <summary>The topic of late records.</summary>
    public required string LateTopic { get; init; }

    /// <summary>The topic of records that could not be decoded.</summary>
    public required string DeadLetterTopic { get; init; }

    /// <summary>Whether missing topics are created.</summary>
    public bool Create { get; init; } = true;

    /// <summary>Partitions of a topic that is created.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>Replicas of a topic that is created; -1 = the broker's default.</summary>
    public short Replication { get; init; } = -1;

    /// <summary>Whether a row's Kafka timestamp is the later of its event times (true) or the time it is written (false).</summary>
    public bool EventTimestamp { get; init; } = true;

    /// <summary>Which headers a row has beside its id.</summary>
    public RowHeaders Headers { get; init; } = RowHeaders.All;

    /// <summary>What happens to rows that may have been written before a failure.</summary>
    public Deduplicate Deduplicate { get; init; }

    /// <summary>"json", or the type name of an <see cref="Shards.Outputs.IRowWriter"/>.</summary>
    public string Format { get; init; } = "json";

    /// <summary>The fields of a flat row, e.g. "left.row", "right.ts", "key"; empty = the whole records.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];
}
