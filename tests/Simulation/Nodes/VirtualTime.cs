namespace AkkaJoin.Simulation.Nodes;

/// <summary>The time of one life of a node: it stands still with the node, and ends with its life.</summary>
sealed class VirtualTime(Node node) : TimeProvider
{
    readonly int _incarnation = node.Incarnation;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => node.World.Schedule.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(() => callback(state));
        node.AfterAs(_incarnation, (long)dueTime.TotalMilliseconds, timer.Run);
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
