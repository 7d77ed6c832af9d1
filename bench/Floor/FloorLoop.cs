using System.Text.Json;
using AkkaJoin.Bench.Load;
using AkkaJoin.Pipeline;
using Confluent.Kafka;

namespace AkkaJoin.Bench.Floor;

/// <summary>
/// Reads two topics to their ends and produces as many messages as a join of them has rows, of the same size: what any program must pay that does this with
/// Confluent.Kafka, and nothing else. The producer is set as the join's: acknowledged by all, idempotent, the same batches and compression.
/// </summary>
sealed class FloorLoop(FloorTask task)
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(120);
    Error? _failed;

    /// <summary>Runs to the end; what was read and written as JSON.</summary>
    /// <exception cref="UserException">The broker does not go along.</exception>
    internal string Run()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(Consumer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var producer = new ProducerBuilder<byte[], byte[]>(Producer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Assign(((string[])[task.Impressions, task.Plays]).SelectMany(topic =>
            Enumerable.Range(0, LoadTopics.Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning))));
        var (read, written, open) = (0L, 0L, 2 * LoadTopics.Partitions);
        while (open > 0)
        {
            var result = consumer.Consume(Silence) ?? throw new UserException($"nothing came for {Silence.TotalSeconds} s", 1);
            if (result.IsPartitionEOF)
            {
                open--;
                continue;
            }

            read++;
            if (written >= read * task.Rows / task.Records)
                continue;
            Produce(producer, result.Message);
            written++;
        }

        if (producer.Flush(FlushLimit) > 0 || _failed is not null)
            throw new UserException($"the broker did not take the messages: {_failed?.Reason ?? "time-out"}", 1);
        consumer.Close();
        return JsonSerializer.Serialize(new { records = read, rows = written });
    }

    void Produce(IProducer<byte[], byte[]> producer, Message<byte[], byte[]> record)
    {
        var value = new byte[Math.Max(1, task.RowBytes - record.Key.Length)];
        for (var at = 0; at < value.Length; at += record.Value.Length)
            record.Value.AsSpan(0, Math.Min(record.Value.Length, value.Length - at)).CopyTo(value.AsSpan(at));
        var message = new Message<byte[], byte[]> { Key = record.Key, Value = value };
        while (true)
        {
            try
            {
                producer.Produce(task.Output, message, Delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(1);
            }
        }
    }

    void Delivered(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            _failed = report.Error;
    }

    ConsumerConfig Consumer() => new()
    {
        BootstrapServers = task.Servers,
        GroupId = task.Output,
        EnableAutoCommit = false,
        EnablePartitionEof = true,

        // Without it a consumer pauses for a second whenever its queue is full.
        FetchQueueBackoffMs = 10,
    };

    ProducerConfig Producer() => new()
    {
        BootstrapServers = task.Servers,
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = 5,
        CompressionType = CompressionType.Lz4,
        BatchNumMessages = 100_000,
        BatchSize = 524_288,
        Partitioner = Partitioner.Murmur2Random,
        DeliveryReportFields = "none",
    };
}
