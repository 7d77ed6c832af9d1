using System.Globalization;
using System.Text;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Reads the rows as they come and keeps when each was appended, per key group. Where the broker stamps no append time
/// (the embedded one does not), the time at which the row was read stands for it.
/// </summary>
sealed class RowWatch : IDisposable
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    readonly IConsumer<byte[]?, byte[]?> _consumer;
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;
    readonly Lock _gate = new();

    // Guarded by _gate. Ms since _beganMs; of one output partition ascending, of a group nearly.
    readonly Dictionary<int, List<int>> _times = [];
    readonly long _beganMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    long _rows;

    RowWatch(KafkaSettings kafka, IReadOnlyList<TopicPartition> partitions)
    {
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(TopicReader.Config(kafka, $"akkajoin-chaos-watch-{Guid.NewGuid():N}"))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _consumer.Assign(partitions.Select(p => new TopicPartitionOffset(p, Offset.Beginning)));
        _loop = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Rows read so far.</summary>
    internal long Rows => Interlocked.Read(ref _rows);

    /// <summary>Begins with the first row of the topic.</summary>
    internal static async Task<RowWatch> StartAsync(KafkaSettings kafka, string topic)
    {
        using var admin = TopicAdmin.Create(kafka);
        return new RowWatch(kafka, await admin.PartitionsAsync([topic]));
    }

    /// <summary>What the rows say of a moment.</summary>
    /// <param name="atMs">The moment of the fault, ms since the epoch.</param>
    /// <param name="final">Whether no further rows will come.</param>
    /// <returns>Null while rows are still awaited; of no key group where nothing came in the second before.</returns>
    internal Silence? Silence(long atMs, bool final)
    {
        lock (_gate)
        {
            foreach (var times in _times.Values)
                times.Sort();
            return Chaos.Silence.Find(_times, (int)(atMs - _beganMs), final) is { } found
                ? found with { LastMs = found.LastMs + _beganMs, FirstMs = found.FirstMs + _beganMs }
                : null;
        }
    }

    /// <summary>
    /// When the rows of each key group came from a moment on, ms since the epoch, ascending. A group without any is
    /// left out.
    /// </summary>
    internal IReadOnlyDictionary<int, long[]> Times(long fromMs)
    {
        lock (_gate)
        {
            return _times
                .Select(g => (Group: g.Key, Times: g.Value.Select(t => t + _beganMs).Where(t => t >= fromMs).Order().ToArray()))
                .Where(g => g.Times.Length > 0)
                .ToDictionary(g => g.Group, g => g.Times);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop.Wait();
        _consumer.Close();
        _consumer.Dispose();
        _stop.Dispose();
    }

    void Read()
    {
        while (!_stop.IsCancellationRequested)
        {
            ConsumeResult<byte[]?, byte[]?>? row;
            try
            {
                row = _consumer.Consume(Poll);
            }
            catch (ConsumeException)
            {
                continue; // the broker is away, perhaps by our own hand
            }

            if (row is { IsPartitionEOF: false })
                Add(row.Message);
        }
    }

    void Add(Message<byte[]?, byte[]?> row)
    {
        var at = row.Timestamp.Type == TimestampType.LogAppendTime
            ? row.Timestamp.UnixTimestampMs
            : DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (row.Headers is null || !row.Headers.TryGetLastBytes(OutputHeaders.Id, out var id) || Group(id) is not { } group)
            return;
        Interlocked.Increment(ref _rows);
        lock (_gate)
        {
            if (!_times.TryGetValue(group, out var times))
                _times[group] = times = [];
            times.Add((int)Math.Clamp(at - _beganMs, int.MinValue, int.MaxValue));
        }
    }

    // incarnation - key group - event - index, joined by hyphens: counted from the end.
    static int? Group(byte[] id)
    {
        var parts = Encoding.UTF8.GetString(id).Split('-');
        return parts.Length >= 4 && int.TryParse(parts[^3], NumberStyles.None, CultureInfo.InvariantCulture, out var group) ? group : null;
    }
}
