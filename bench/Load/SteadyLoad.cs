using System.Diagnostics;

namespace AkkaJoin.Bench.Load;

/// <summary>A load that comes at a rate of its own, perhaps after a beginning that comes at once.</summary>
sealed class SteadyLoad : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    readonly LoadProducer _producer;
    readonly IEnumerator<LoadRecord> _records;
    readonly int _perSecond;
    readonly CancellationTokenSource _stop = new();
    Task _going = Task.CompletedTask;
    long _sent;

    /// <param name="producer">Where to; disposed with the load.</param>
    /// <param name="records">The records.</param>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="fill">How many come at once, before it returns.</param>
    internal SteadyLoad(LoadProducer producer, IEnumerable<LoadRecord> records, int perSecond, int fill = 0)
    {
        _producer = producer;
        _records = records.GetEnumerator();
        _perSecond = perSecond;
        Next(fill);
        _producer.Flush();
    }

    /// <summary>Ends when all records are acknowledged; fails where the broker no longer takes the load.</summary>
    internal Task Completion => _going;

    /// <summary>Records handed over so far.</summary>
    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>
    /// The take-rate load, whose beginning fills the state; it goes on at its own pace in event time, which is the wall clock's: neither the state nor the
    /// rate changes any more.
    /// </summary>
    internal static SteadyLoad TakeRate(LoadTopics topics, int seed, int fill)
    {
        var startMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - LoadGenerator.SpanMs(fill);
        return new SteadyLoad(new LoadProducer(topics), new LoadGenerator(int.MaxValue, seed, startMs).Records(), LoadGenerator.EventsPerSecond, fill);
    }

    /// <summary>Goes on, from now.</summary>
    internal void Start() => _going = Task.Factory.StartNew(Go, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _going;
        _records.Dispose();
        _producer.Dispose();
        _stop.Dispose();
    }

    void Go()
    {
        var (began, sent) = (Stopwatch.GetTimestamp(), 0L);
        var more = true;
        while (more && !_stop.IsCancellationRequested)
        {
            var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * _perSecond);
            more = Next((int)(due - sent));
            sent = due;
            Thread.Sleep(Interval);
        }

        _producer.Flush();
    }

    /// <summary>Whether there may be more.</summary>
    bool Next(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!_records.MoveNext())
                return false;
            _producer.Produce(_records.Current);
            Interlocked.Increment(ref _sent);
        }

        return true;
    }
}
