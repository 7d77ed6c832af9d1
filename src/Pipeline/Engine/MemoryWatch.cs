using Akka.Event;
using AkkaJoin.Pipeline.Memory;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Looks at the memory budget for one join, and says when a level begins or ends.</summary>
sealed class MemoryWatch(NodeMemory memory, JoinMemory held, string join, ILoggingAdapter log)
{
    MemoryLevel _level;

    /// <summary>Why the join has to end: its state does not fit, and that did not change. Null = it may go on.</summary>
    internal UserException? DoesNotFit =>
        memory.IsStuck ? new UserException(PipelineLog.StateDoesNotFit(NodeMemory.Show(memory.Used), NodeMemory.Show(memory.Budget), memory.Describe()), 1) : null;

    /// <summary>Looks again.</summary>
    /// <param name="inFlightBytes">Bytes between the source and the key groups.</param>
    internal void Look(long inFlightBytes)
    {
        held.InFlight = inFlightBytes;
        var before = _level;
        _level = memory.Look();
        if (_level == before)
            return;
        var (used, budget) = (NodeMemory.Show(memory.Used), NodeMemory.Show(memory.Budget));
        if (_level == MemoryLevel.Full)
            PipelineLog.MemoryIsFull(log, join, used, budget, memory.Describe());
        else if (_level == MemoryLevel.Normal)
            PipelineLog.MemoryIsFree(log, join, used, budget);
        else if (before == MemoryLevel.Normal)
            PipelineLog.MemoryIsNear(log, join, used, budget, memory.Describe());
    }
}
