using AkkaJoin.Pipeline;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Bench.Load;

/// <summary>The two topics of a load. Their names are the benchmark's own, so that a broker in use is not disturbed.</summary>
sealed class LoadTopics : IAsyncDisposable
{
    internal const int Partitions = 8;
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    readonly IAdminClient _admin;
    readonly List<string> _created = [];

    LoadTopics(string servers, string name)
    {
        Servers = servers;
        Impressions = name + "-impressions";
        Plays = name + "-plays";
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler((_, _) => { }).Build();
    }

    internal string Servers { get; }

    internal string Impressions { get; }

    internal string Plays { get; }

    /// <summary>Makes the topics, empty.</summary>
    internal static async Task<LoadTopics> CreateAsync(string servers, string name)
    {
        var topics = new LoadTopics(servers, name);
        await topics.EnsureAsync(topics.Impressions, topics.Plays);
        return topics;
    }

    /// <summary>Makes topics that go with these; all are deleted at the end.</summary>
    internal async Task EnsureAsync(params string[] names)
    {
        try
        {
            await _admin.CreateTopicsAsync(names.Select(n => new TopicSpecification { Name = n, NumPartitions = Partitions, ReplicationFactor = -1 }));
        }
        catch (KafkaException e)
        {
            throw new UserException($"the broker at {Servers} makes no topics: {e.Error.Reason}", 1);
        }

        _created.AddRange(names);
    }

    /// <summary>Produces a load, every record acknowledged.</summary>
    internal void Fill(LoadGenerator load)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(Config()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        Error? failed = null;
        void Delivered(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                failed = report.Error;
        }

        foreach (var record in load.Records())
            Produce(producer, record, Delivered);
        if (producer.Flush(Timeout) > 0 || failed is not null)
            throw new UserException($"the broker did not take the load: {failed?.Reason ?? "time-out"}", 1);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _admin.DeleteTopicsAsync(_created);
        }
        catch (KafkaException e)
        {
            await Console.Error.WriteLineAsync($"bench: topics of the benchmark are left at {Servers}: {e.Message}");
        }

        _admin.Dispose();
    }

    // A full queue is waited for: the generator is faster than a broker on the same two cores.
    void Produce(IProducer<byte[], byte[]> producer, in LoadRecord record, Action<DeliveryReport<byte[], byte[]>> delivered)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = record.Key,
            Value = record.Value,
            Timestamp = new Timestamp(record.TimestampMs, TimestampType.CreateTime),
        };
        while (true)
        {
            try
            {
                producer.Produce(record.IsImpression ? Impressions : Plays, message, delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(10);
            }
        }
    }

    ProducerConfig Config() => new()
    {
        BootstrapServers = Servers,
        LingerMs = 20,
        BatchSize = 262_144,
        CompressionType = CompressionType.Lz4,
        Partitioner = Partitioner.Murmur2Random,
        QueueBufferingMaxMessages = 200_000,
        EnableIdempotence = true,
    };
}
