using AkkaJoin.Pipeline;
using Confluent.Kafka;

namespace AkkaJoin.Host.Demo;

/// <summary>Produces a workload, every record acknowledged.</summary>
static class DemoFeeder
{
    static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(60);

    internal static void Feed(string bootstrapServers, Workload workload)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            LingerMs = 20,
            BatchSize = 262_144,
            CompressionType = CompressionType.Lz4,
            Partitioner = Partitioner.Murmur2Random,
            QueueBufferingMaxMessages = 1_000_000,
        };
        Error? failed = null;
        using var producer = new ProducerBuilder<byte[]?, byte[]>(config)
            .SetKeySerializer(Serializers.ByteArray!)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        void Delivered(DeliveryReport<byte[]?, byte[]> report)
        {
            if (report.Error.IsError)
                failed = report.Error;
        }

        foreach (var record in workload.Records())
        {
            producer.Produce(record.IsImpression ? DemoTopics.Impressions : DemoTopics.Plays, new Message<byte[]?, byte[]>
            {
                Key = record.Key,
                Value = record.Value,
                Timestamp = new Timestamp(record.TimestampMs, TimestampType.CreateTime),
            }, Delivered);
        }

        if (producer.Flush(FlushTimeout) > 0 || failed is not null)
            throw new UserException($"the embedded broker did not take the workload: {failed?.Reason ?? "time-out"}", ExitCodes.Failed);
    }
}
