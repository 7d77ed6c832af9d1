using System.Diagnostics;
using AkkaJoin.Pipeline;
using Confluent.Kafka;

namespace AkkaJoin.Host.Demo;

/// <summary>Produces a workload, every record acknowledged.</summary>
static class DemoFeeder
{
    static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(60);

    static readonly TimeSpan LiveStep = TimeSpan.FromMilliseconds(100);

    internal static void Feed(string bootstrapServers, Workload workload)
    {
        Error? failed = null;
        using var producer = Open(bootstrapServers);
        foreach (var record in workload.Records())
            Produce(producer, record, error => failed = error);
        if (producer.Flush(FlushTimeout) > 0 || failed is not null)
            throw new UserException($"the embedded broker did not take the workload: {failed?.Reason ?? "time-out"}", ExitCodes.Failed);
    }

    /// <summary>Produces a workload at the pace of its event times, until it is stopped.</summary>
    internal static async Task FeedLiveAsync(string bootstrapServers, Workload workload, CancellationToken stopping)
    {
        using var producer = Open(bootstrapServers);
        var began = Stopwatch.GetTimestamp();
        long sent = 0;
        foreach (var record in workload.Records())
        {
            while (sent * Workload.StepMs > Stopwatch.GetElapsedTime(began).TotalMilliseconds && !stopping.IsCancellationRequested)
                await Pause.ForAsync(LiveStep, stopping);
            if (stopping.IsCancellationRequested)
                break;
            Produce(producer, record, _ => { });
            sent++;
        }

        producer.Flush(FlushTimeout);
    }

    static IProducer<byte[]?, byte[]> Open(string bootstrapServers) => new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        LingerMs = 20,
        BatchSize = 262_144,
        CompressionType = CompressionType.Lz4,
        Partitioner = Partitioner.Murmur2Random,
        QueueBufferingMaxMessages = 1_000_000,
    })
        .SetKeySerializer(Serializers.ByteArray!)
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();

    static void Produce(IProducer<byte[]?, byte[]> producer, WorkloadRecord record, Action<Error> failed)
    {
        var message = new Message<byte[]?, byte[]>
        {
            Key = record.Key,
            Value = record.Value,
            Timestamp = new Timestamp(record.TimestampMs, TimestampType.CreateTime),
        };
        producer.Produce(record.IsImpression ? DemoTopics.Impressions : DemoTopics.Plays, message, report =>
        {
            if (report.Error.IsError)
                failed(report.Error);
        });
    }
}
