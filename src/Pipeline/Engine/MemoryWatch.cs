using Akka.Event;
using AkkaJoin.Pipeline.Memory;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Compares the memory with its budget, and logs when a level begins or ends.</summary>
sealed class MemoryWatch(NodeMemory memory, JoinMemory own, string join, ILoggingAdapter log)
{
    MemoryLevel _level;
    bool _isSaid;

    /// <summary>
    /// Why the join has to end: its state did not fit for longer than memory.wait. Null = it may go on.
    /// </summary>
    internal UserException? DoesNotFit =>
        memory.IsStuck
            ? new UserException(
                EngineLog.StateDoesNotFit(NodeMemory.Show(memory.Used), NodeMemory.Show(memory.Budget), memory.Describe()), 1)
            : null;

    /// <summary>Looks again.</summary>
    /// <param name="inFlightBytes">Bytes between the source and the key groups.</param>
    internal void Look(long inFlightBytes)
    {
        own.InFlight = inFlightBytes;
        SayWhileHeld();
        var before = _level;
        _level = memory.Look(own);
        if (_level == before)
            return;
        var (used, budget) = (NodeMemory.Show(memory.Used), NodeMemory.Show(memory.Budget));
        if (own.Waits)
            EngineLog.MemoryWaits(log, join, used, budget);
        else if (_level == MemoryLevel.Full)
            EngineLog.MemoryIsFull(log, join, used, budget, memory.Describe());
        else if (_level == MemoryLevel.Normal)
            EngineLog.MemoryIsFree(log, join, used, budget);
        else if (before == MemoryLevel.Normal)
            EngineLog.MemoryIsNear(log, join, used, budget, memory.Describe());
    }

    void SayWhileHeld()
    {
        var isWorthIt = memory.IsWorthSaying(own);
        if (isWorthIt && !_isSaid)
            EngineLog.MemoryGrowsWhileHeld(log, join, NodeMemory.Show(memory.Used), NodeMemory.Show(memory.Budget));
        _isSaid = isWorthIt;
    }
}
