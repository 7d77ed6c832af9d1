using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>How rows are written. The names are those of Akka.Streams.Kafka where it has the setting.</summary>
sealed record ProducerSettings
{
    const int BatchBytesUsual = 524_288, BatchOverheadBytes = 1_024;

    /// <summary>host:port of the brokers, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>librdkafka's keys: <c>kafka.client</c>, and <c>kafka.producer</c> over it.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>How long closing may wait for the broker, ms.</summary>
    public int FlushTimeoutMs { get; init; } = 10_000;

    /// <summary>The most records without an acknowledgement.</summary>
    public int Parallelism { get; init; } = 50_000;

    /// <summary>The most bytes without an acknowledgement.</summary>
    public long InFlightBytesMax { get; init; } = 33_554_432;

    /// <summary>The least <c>max.message.bytes</c> of the topics that are written; null = not known.</summary>
    public int? TopicBytesMax { get; init; }

    /// <summary>From the settings of a join.</summary>
    public static ProducerSettings Create(KafkaSettings kafka, JoinSettings join) => new()
    {
        BootstrapServers = kafka.BootstrapServers,
        Properties = ConsumerSettings.Merge(kafka.Client, kafka.Producer),
    };

    /// <summary>With one more librdkafka key.</summary>
    public ProducerSettings WithProperty(string key, string value) =>
        this with { Properties = ConsumerSettings.Merge(Properties, new Dictionary<string, string> { [key] = value }) };

    // A batch that its topic refuses is not parted, though each record in it may fit.
    int BatchBytes => Math.Clamp((TopicBytesMax ?? int.MaxValue) - BatchOverheadBytes, 1, BatchBytesUsual);

    /// <summary>All that librdkafka is told.</summary>
    internal Dictionary<string, string> ClientProperties()
    {
        var all = new Dictionary<string, string>
        {
            ["client.id"] = "akkajoin",
            ["partitioner"] = "murmur2_random", // Java's default: rows of a key lie where a Java producer would put them
            ["linger.ms"] = "1",
            ["compression.type"] = "lz4",
            ["batch.num.messages"] = "100000",
            ["batch.size"] = BatchBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),

            // A record may exceed the batch's size, and is then a batch of its own. Whether it is too large, its topic
            // says, of the compressed bytes.
            ["message.max.bytes"] = "33554432",
            ["message.timeout.ms"] = "0", // a broker outage is waited for, never a reason to lose a row
            ["queue.buffering.max.messages"] = "100000",
            ["queue.buffering.max.kbytes"] = "65536",
        };
        foreach (var (key, value) in Properties)
            all[key] = value;
        all["bootstrap.servers"] = BootstrapServers;
        all["delivery.report.only.error"] = "false"; // a row is confirmed by its report
        all["enable.idempotence"] = "true"; // acks=all, order kept over retries
        return all;
    }
}
