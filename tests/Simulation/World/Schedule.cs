namespace AkkaJoin.Simulation.World;

/// <summary>Virtual time: what is to happen, in order of time, and at one time in the order in which it was planned.</summary>
sealed class Schedule
{
    readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    long _order;

    /// <summary>ms since the world began.</summary>
    internal long Now { get; private set; }

    internal void After(long ms, Action action) => _queue.Enqueue(action, (Now + ms, _order++));

    /// <summary>Does what is next.</summary>
    internal void Step()
    {
        if (!_queue.TryDequeue(out var action, out var key))
            throw new SimulationException("nothing is planned any more");
        Now = key.At;
        action();
    }
}
