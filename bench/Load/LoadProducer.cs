using AkkaJoin.Pipeline;
using Confluent.Kafka;

namespace AkkaJoin.Bench.Load;

/// <summary>Writes the records of a load. For one thread.</summary>
sealed class LoadProducer : IDisposable
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    readonly LoadTopics _topics;
    readonly IProducer<byte[], byte[]> _producer;
    readonly bool _inOne;
    readonly int _lingerMs;
    Error? _failed;

    /// <param name="topics">Where to.</param>
    /// <param name="inOne">Whether all goes out in one transaction: who reads sees nothing of it, and then, at the flush, everything.</param>
    /// <param name="lingerMs">How long a record waits for others, ms.</param>
    internal LoadProducer(LoadTopics topics, bool inOne = false, int lingerMs = 20)
    {
        _topics = topics;
        _lingerMs = lingerMs;
        _inOne = inOne;
        _producer = new ProducerBuilder<byte[], byte[]>(Config()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        if (!inOne)
            return;
        _producer.InitTransactions(Timeout);
        _producer.BeginTransaction();
    }

    /// <summary>Hands a record over. A full queue is waited for: the generator is faster than a broker on the same cores.</summary>
    internal void Produce(in LoadRecord record)
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
                _producer.Produce(new TopicPartition(record.IsImpression ? _topics.Impressions : _topics.Plays, record.Partition), message, Delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Waits until the broker has acknowledged all.</summary>
    /// <exception cref="UserException">It does not.</exception>
    internal void Flush()
    {
        if (_producer.Flush(Timeout) > 0 || _failed is not null)
            throw new UserException($"the broker did not take the load: {_failed?.Reason ?? "time-out"}", 1);
        if (_inOne)
            _producer.CommitTransaction(Timeout);
    }

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();

    void Delivered(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            _failed = report.Error;
    }

    ProducerConfig Config()
    {
        var config = new ProducerConfig
        {
            BootstrapServers = _topics.Servers,
            LingerMs = _lingerMs,
            BatchSize = 262_144,
            CompressionType = CompressionType.Lz4,
            Partitioner = Partitioner.Murmur2Random,
            QueueBufferingMaxMessages = 200_000,
            EnableIdempotence = true,
        };
        if (_inOne)
            (config.TransactionalId, config.TransactionTimeoutMs) = (_topics.Impressions, (int)TimeSpan.FromMinutes(10).TotalMilliseconds);
        return config;
    }
}
