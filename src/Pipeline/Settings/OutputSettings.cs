namespace AkkaJoin.Pipeline.Settings;

/// <summary>Where rows, late records and dead letters go.</summary>
sealed record OutputSettings
{
    /// <summary>Who gets the rows.</summary>
    public RowTarget To { get; init; }

    /// <summary>
    /// The topic of the rows. With <see cref="RowTarget.Source"/> it is not written, and only names the others.
    /// </summary>
    public required string Topic { get; init; }

    /// <summary>The topic of late records.</summary>
    public required string LateTopic { get; init; }

    /// <summary>The topic of records that could not be decoded.</summary>
    public required string DeadLetterTopic { get; init; }

    /// <summary>The topics that are written.</summary>
    internal IReadOnlyList<string> Topics => To == RowTarget.Source ? [LateTopic, DeadLetterTopic] : [Topic, LateTopic, DeadLetterTopic];

    /// <summary>Whether missing topics are created.</summary>
    public bool Create { get; init; } = true;

    /// <summary>Partitions of a topic that is created.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>Replicas of a topic that is created; -1 = the broker's default.</summary>
    public short Replication { get; init; } = -1;

    /// <summary>
    /// Whether a row's Kafka timestamp is the later of its event times (true) or the time it is written (false).
    /// </summary>
    public bool EventTimestamp { get; init; } = true;

    /// <summary>Which headers a row has beside its id.</summary>
    public RowHeaders Headers { get; init; } = RowHeaders.Standard;

    /// <summary>What happens to rows that may have been written before a failure.</summary>
    public Deduplicate Deduplicate { get; init; }

    /// <summary>"json", or the type name of an <see cref="Shards.Outputs.IRowWriter"/>.</summary>
    public string Format { get; init; } = "json";

    /// <summary>Gives the constructor of a row writer what it needs; null = no application does.</summary>
    internal IServiceProvider? Services { get; init; }

    /// <summary>The fields of a flat row, e.g. "left.row", "right.ts", "key"; empty = the whole records.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];
}

/// <summary>Who gets the rows.</summary>
enum RowTarget
{
    /// <summary>The topic of the rows.</summary>
    Kafka,

    /// <summary>A reader in the application that runs the join, by an Akka.Streams source.</summary>
    Source,
}

/// <summary>What happens to rows that may be in the output topic already when a key group starts anew.</summary>
enum Deduplicate
{
    /// <summary>They are written again, with the ids they have: at least once.</summary>
    Off,

    /// <summary>
    /// The ids at the tail of the output partitions are read, and rows that are there are not written again.
    /// </summary>
    Tail,
}

/// <summary>Which headers a row has beside its id.</summary>
[Flags]
enum RowHeaders
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The join's name.</summary>
    Join = 1,

    /// <summary>"matched", "unmatched", "late-joined" or "repaired".</summary>
    Row = 2,

    /// <summary>The positions of the records that it joins.</summary>
    Source = 4,

    /// <summary>Those that it has where the configuration says nothing.</summary>
    Standard = Join | Row,
}
