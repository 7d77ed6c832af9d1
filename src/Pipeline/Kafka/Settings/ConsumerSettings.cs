using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>How records are read. The names are those of Akka.Streams.Kafka where it has the setting.</summary>
sealed record ConsumerSettings
{
    /// <summary>The consumer group.</summary>
    public required string GroupId { get; init; }

    /// <summary>
    /// librdkafka's keys: <c>kafka.client</c>, and <c>kafka.consumer</c> over it. They win over the defaults of
    /// <see cref="ClientProperties"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the consumer's thread waits for a record, ms.</summary>
    public int PollTimeoutMs { get; init; } = 50;

    /// <summary>The most time that a commit may take in a rebalance and at the end, ms.</summary>
    public int CommitTimeoutMs { get; init; } = 5_000;

    /// <summary>The most time that the offsets of newly assigned partitions may take, ms.</summary>
    public int MetadataRequestTimeoutMs { get; init; } = 30_000;

    /// <summary>At most one commit request in this time, ms.</summary>
    public int CommitIntervalMs { get; init; } = 1_000;

    /// <summary>
    /// The most bytes of a chunk, unless one record is larger. Below 85,000, where arrays become expensive.
    /// </summary>
    public int ChunkBytesMax { get; init; } = 65_536;

    /// <summary>A record waits no longer than this for its chunk to fill while others come, ms.</summary>
    public int ChunkLingerMs { get; init; } = 2;

    /// <summary>The most chunks that wait for the stream.</summary>
    public int BufferedChunksMax { get; init; } = 4_096;

    /// <summary>A partition with more bytes in flight than this is paused; it is resumed below half of it.</summary>
    public long PartitionInFlightBytesMax { get; init; } = 4_194_304;

    /// <summary>
    /// How long the thread waits for bytes to return before it pauses a partition, ms. A pause throws away what
    /// librdkafka has fetched already, so a short wait is cheaper.
    /// </summary>
    public int PausePatienceMs { get; init; } = 50;

    /// <summary>
    /// Where a partition without a committed offset begins: true = at the earliest record, false = at the end.
    /// </summary>
    public bool StartAtEarliest { get; init; } = true;

    /// <summary>How long the consumer may be silent before its partitions go to others, ms.</summary>
    public int SessionTimeoutMs { get; init; } = 10_000;

    /// <summary>host:port of the brokers, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>From the settings of a join.</summary>
    public static ConsumerSettings Create(KafkaSettings kafka, JoinSettings join) => new()
    {
        BootstrapServers = kafka.BootstrapServers,
        GroupId = join.GroupId,
        Properties = Merge(kafka.Client, kafka.Consumer),
        SessionTimeoutMs = kafka.SessionTimeoutMs,
        MetadataRequestTimeoutMs = kafka.ConnectTimeoutMs,
        CommitIntervalMs = Math.Min(join.Flow.CommitIntervalMs, 1_000),
        PartitionInFlightBytesMax = join.Flow.PartitionInFlightBytesMax,
        StartAtEarliest = join.StartAtEarliest,
    };

    /// <summary>With one more librdkafka key.</summary>
    public ConsumerSettings WithProperty(string key, string value) =>
        this with { Properties = Merge(Properties, new Dictionary<string, string> { [key] = value }) };

    /// <summary>
    /// All that librdkafka is told. The last lines are not for the user to change: the source relies on them.
    /// </summary>
    internal Dictionary<string, string> ClientProperties()
    {
        var all = new Dictionary<string, string>
        {
            ["client.id"] = "akkajoin",
            ["session.timeout.ms"] = Number(SessionTimeoutMs),
            ["heartbeat.interval.ms"] = Number(Math.Max(1, SessionTimeoutMs / 3)),
            ["fetch.wait.max.ms"] = "30", // records gather at the broker: a burst of all partitions costs a third of many small answers
            ["fetch.min.bytes"] = "65536",
            ["fetch.queue.backoff.ms"] = "10",
            // per partition: what a pause throws away, and what lies in memory beside the bytes in flight
            ["fetch.message.max.bytes"] = "262144",
            ["queued.min.messages"] = "10000",
            ["queued.max.messages.kbytes"] = "16384",
            ["topic.metadata.refresh.interval.ms"] = "5000", // how partitions that were added are found
            ["check.crcs"] = "false",
            ["isolation.level"] = "read_committed",
            ["partition.assignment.strategy"] = "cooperative-sticky",
        };
        foreach (var (key, value) in Properties)
            all[key] = value;
        all["bootstrap.servers"] = BootstrapServers;
        all["group.id"] = GroupId;
        all["enable.auto.commit"] = "false";
        all["enable.auto.offset.store"] = "false";
        all["auto.offset.reset"] = "error";
        all["enable.partition.eof"] = "true";
        return all;
    }

    internal static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        var all = new Dictionary<string, string>(first);
        foreach (var (key, value) in second)
            all[key] = value;
        return all;
    }

    static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
