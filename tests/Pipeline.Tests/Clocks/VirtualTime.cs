namespace AkkaJoin.Pipeline.Tests.Clocks;

/// <summary>
/// The time of a test, in ms. A timer fires once, when whoever keeps the time says so, and not after it was disposed of.
/// </summary>
/// <param name="nowMs">The time now.</param>
/// <param name="after">Plans an action for so many ms from now.</param>
sealed class VirtualTime(Func<long> nowMs, Action<long, Action> after) : TimeProvider
{
    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => nowMs();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(() => callback(state));
        after((long)dueTime.TotalMilliseconds, timer.Run);
        return timer;
    }

    sealed class VirtualTimer(Action action) : ITimer
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
