namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A time that goes on when it is told to.</summary>
sealed class ManualTime : TimeProvider
{
    readonly PriorityQueue<ManualTimer, long> _timers = new();

    internal long NowMs { get; private set; } = 1;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => NowMs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        _timers.Enqueue(timer, NowMs + (long)dueTime.TotalMilliseconds);
        return timer;
    }

    internal void Advance(int ms)
    {
        NowMs += ms;
        while (_timers.TryPeek(out _, out var due) && due <= NowMs)
            _timers.Dequeue().Run();
    }

    sealed class ManualTimer(Action action) : ITimer
    {
        bool _isOver;

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Run()
        {
            if (!_isOver)
                action();
        }
    }
}
