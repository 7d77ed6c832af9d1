using System.Diagnostics;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using Confluent.Kafka;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Feeds records at a steady rate while the faults happen: an idempotent producer that waits for a broker which is
/// away, and keeps each partition in order.
/// </summary>
sealed class ChaosFeeder : IDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan FlushLimit = TimeSpan.FromMinutes(2);

    readonly IProducer<byte[]?, byte[]> _producer;
    readonly string[] _topics;
    readonly IRecordSource _source;
    readonly Timeline _timeline;
    readonly FeederSilences _silences;
    readonly CancellationTokenSource _stop = new();
    Task _loop = Task.CompletedTask;
    long _acknowledged;
    Error? _refused;

    internal ChaosFeeder(
        KafkaSettings kafka, (string Left, string Right) topics, IRecordSource source, FeederSilences silences, Timeline timeline)
    {
        _topics = [topics.Left, topics.Right];
        _source = source;
        _silences = silences;
        _timeline = timeline;
        var properties = new Dictionary<string, string>(kafka.Client)
        {
            ["bootstrap.servers"] = kafka.BootstrapServers,
            ["client.id"] = "akkajoin-chaos",
            ["enable.idempotence"] = "true",
            ["partitioner"] = "murmur2_random",
            ["linger.ms"] = "5",
            ["compression.type"] = "lz4",
            ["message.timeout.ms"] = "0",
            ["queue.buffering.max.messages"] = "500000",
        };
        _producer = new ProducerBuilder<byte[]?, byte[]>(properties)
            .SetKeySerializer(Serializers.ByteArray!)
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) => _refused = error.IsFatal ? error : _refused)
            .Build();
    }

    /// <summary>Records that the broker has.</summary>
    internal long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>
    /// Ends when all was fed, or at <see cref="EndAsync"/>; faults where the broker refuses a record.
    /// </summary>
    internal Task Completion => _loop;

    /// <summary>Begins with the event of this number.</summary>
    internal void Start(long first) => _loop = Task.Run(() => RunAsync(first));

    /// <summary>Feeds no more, and waits until the broker has everything.</summary>
    /// <exception cref="UserException">It has not within the limit.</exception>
    internal async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        var left = await Task.Run(() => _producer.Flush(FlushLimit));
        if (left > 0)
            throw new UserException(
                $"the broker did not take the last {left} records within {FlushLimit.TotalMinutes} min", ExitCodes.Failed);
        ThrowIfRefused();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _producer.Dispose();
        _stop.Dispose();
    }

    async Task RunAsync(long first)
    {
        var began = Stopwatch.GetTimestamp();
        var (fed, noted) = (0L, 0L);
        using var records = _source.Records(first).GetEnumerator();
        var isMore = true;
        while (isMore && !_stop.IsCancellationRequested)
        {
            var now = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await ProduceKeptAsync(now);
            for (var due = (long)(now * _source.Rate); fed < due && (isMore = records.MoveNext()); fed++)
            {
                if (!_silences.Keeps(records.Current, now) && !await ProduceAsync(records.Current, _stop.Token))
                    break;
            }

            ThrowIfRefused();
            var second = (long)Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (second > noted)
                Note(first + fed);
            noted = second;
            if (isMore)
                await Task.Delay(Tick, CancellationToken.None);
        }

        await ProduceKeptAsync(double.PositiveInfinity);
        Note(first + fed);
    }

    // Whatever was kept back counts as fed: also at the end of the feed it comes.
    async Task ProduceKeptAsync(double second)
    {
        foreach (var record in _silences.Due(second))
            await ProduceAsync(record, CancellationToken.None);
    }

    void Note(long events) => _timeline.Note(new TimelineEntry(TimelineEvents.Fed) { Events = events });

    /// <summary>
    /// Waits while the queue is full. Returns whether the record is in it: false at the end of the feed.
    /// </summary>
    async Task<bool> ProduceAsync(ChaosRecord record, CancellationToken stop)
    {
        var message = new Message<byte[]?, byte[]> { Key = record.Key, Value = record.Value };
        if (record.TimestampMs is { } time)
            message.Timestamp = new Timestamp(time, TimestampType.CreateTime);
        if (record.Header is { } header)
            message.Headers = [new Header(header.Name, header.Value)];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _producer.Produce(_topics[record.Side == Side.Left ? 0 : 1], message, Delivered);
                return true;
            }
            catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(Tick, CancellationToken.None);
            }
        }

        return false;
    }

    void Delivered(DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError)
            _refused = report.Error;
        else
            Interlocked.Increment(ref _acknowledged);
    }

    void ThrowIfRefused()
    {
        if (_refused is { } error)
            throw new UserException($"the broker refused what was fed: {error.Reason}", ExitCodes.Failed);
    }
}
