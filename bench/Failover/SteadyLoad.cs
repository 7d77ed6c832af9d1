using System.Diagnostics;
using AkkaJoin.Bench.Load;

namespace AkkaJoin.Bench.Failover;

/// <summary>
/// A load that fills the state at once and then goes on at its own pace in event time, which is the wall clock's: neither the state nor the
/// rate changes any more.
/// </summary>
sealed class SteadyLoad : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    readonly LoadProducer _producer;
    readonly IEnumerator<LoadRecord> _records;
    readonly CancellationTokenSource _stop = new();
    Task _going = Task.CompletedTask;

    /// <param name="topics">Where to.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="fill">How many records fill the state.</param>
    internal SteadyLoad(LoadTopics topics, int seed, int fill)
    {
        _producer = new LoadProducer(topics);
        _records = new LoadGenerator(int.MaxValue, seed, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - LoadGenerator.SpanMs(fill)).Records().GetEnumerator();
        Next(fill);
        _producer.Flush();
    }

    /// <summary>Fails where the broker no longer takes the load.</summary>
    internal Task Failure => _going;

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
        while (!_stop.IsCancellationRequested)
        {
            var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * LoadGenerator.EventsPerSecond);
            Next((int)(due - sent));
            sent = due;
            Thread.Sleep(Interval);
        }

        _producer.Flush();
    }

    void Next(int count)
    {
        for (var i = 0; i < count && _records.MoveNext(); i++)
            _producer.Produce(_records.Current);
    }
}
