namespace AkkaJoin.Shards.Outputs;

/// <summary>The names of every Kafka header that AkkaJoin writes.</summary>
public static class OutputHeaders
{
    /// <summary>What the names begin with.</summary>
    public const string Prefix = "akkajoin-";

    /// <summary>
    /// The output id: incarnation, key group, event sequence number, index, joined by hyphens. Two records with one id
    /// are one row.
    /// </summary>
    public const string Id = Prefix + "id";

    /// <summary>The join's name.</summary>
    public const string Join = Prefix + "join";

    /// <summary>
    /// With <c>output.deduplicate = tail</c>: the random id of the process that wrote the record. A row of a node that
    /// was frozen and woke is known by it.
    /// </summary>
    public const string Writer = Prefix + "writer";

    /// <summary>"matched", "unmatched", "late-joined" or "repaired".</summary>
    public const string Row = Prefix + "row";

    /// <summary>
    /// Of a row with <c>late.policy = repair</c>: the ids of the rows whose place it takes, separated by commas. These
    /// are not true any more, and stay so when they come again. It cannot be left out.
    /// </summary>
    public const string Supersedes = Prefix + "supersedes";

    /// <summary>
    /// With <c>source</c> in <c>output.headers</c>: where the records of the row come from, such as
    /// "l/0/3:17,r/0/1:9". Each is its side, the index of the topic among those of the side, the partition, and the
    /// offset. Records beyond <see cref="SourceHeader.BytesMax"/> are counted at the end: ",+12".
    /// </summary>
    public const string Source = Prefix + "source";

    /// <summary>Late and dead-letter topic: why the record is there.</summary>
    public const string Reason = Prefix + "reason";

    /// <summary>Late and dead-letter topic: "left" or "right".</summary>
    public const string Side = Prefix + "side";

    /// <summary>Late and dead-letter topic: the source topic.</summary>
    public const string SourceTopic = Prefix + "source-topic";

    /// <summary>Late and dead-letter topic: the source partition.</summary>
    public const string SourcePartition = Prefix + "source-partition";

    /// <summary>Late and dead-letter topic: the source offset.</summary>
    public const string SourceOffset = Prefix + "source-offset";

    /// <summary>
    /// Late and dead-letter topic: the Kafka timestamp of the source record, ms since the epoch; absent where it had
    /// none.
    /// </summary>
    public const string SourceTimestamp = Prefix + "source-timestamp";

    /// <summary>Late topic: the event time, ms since the epoch.</summary>
    public const string EventTime = Prefix + "event-time";

    /// <summary>Late topic: how far below the watermark, ms.</summary>
    public const string LateByMs = Prefix + "late-by-ms";

    /// <summary>Late topic: the side's watermark, ms since the epoch.</summary>
    public const string Watermark = Prefix + "watermark";

    /// <summary>Late topic: topic/partition that held the watermark.</summary>
    public const string WatermarkPartition = Prefix + "watermark-partition";

    /// <summary>Late topic: how many partners the record found.</summary>
    public const string PartnersFound = Prefix + "partners-found";

    /// <summary>Dead-letter topic: what is wrong, in a sentence.</summary>
    public const string Detail = Prefix + "detail";

    /// <summary>
    /// Dead-letter topic: which parts of the record were too long for the topic and are cut, each with the bytes that
    /// it had: "value 2000000".
    /// </summary>
    public const string Cut = Prefix + "cut";
}
