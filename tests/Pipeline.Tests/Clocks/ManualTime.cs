namespace AkkaJoin.Pipeline.Tests.Clocks;

/// <summary>A time that stands still until a test moves it.</summary>
sealed class ManualTime
{
    readonly PriorityQueue<Action, (long At, long Order)> _planned = new();
    long _order;

    internal ManualTime() => Provider = new VirtualTime(() => NowMs, After);

    /// <summary>The time as the code under test reads it.</summary>
    internal TimeProvider Provider { get; }

    internal long NowMs { get; private set; } = 1;

    /// <summary>Moves the time, and does what is due by then, in the order of time.</summary>
    internal void Advance(int ms)
    {
        NowMs += ms;
        while (_planned.TryPeek(out _, out var next) && next.At <= NowMs)
            _planned.Dequeue()();
    }

    internal void Advance(TimeSpan time) => Advance((int)time.TotalMilliseconds);

    void After(long ms, Action action) => _planned.Enqueue(action, (NowMs + ms, _order++));
}
