using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Renews the source's demand: tells it which bytes of a partition are acknowledged and so no longer in flight. A
/// partition with too many bytes in flight is paused. So withholding that word pauses it, and that is what happens near
/// the memory budget.
/// <para>
/// Memory normal: every partition gets the word. Near the budget: only the partition whose event time is furthest
/// behind, since its records let time pass and the state shrink. At the budget: none.
/// </para>
/// <para>
/// Invariants. Near the budget at most one partition is told that it may read on, and at the budget none.
/// </para>
/// </summary>
sealed class DemandControl(RouterSettings settings, PartitionTable partitions, IRouterEffects effects)
{
    MemoryLevel _memory;

    // Near the budget the partition that is read all the same, of those that have acknowledged bytes.
    SourcePartition? _mayRead;

    /// <summary>How full the memory was at the last look.</summary>
    internal MemoryLevel Memory => _memory;

    /// <summary>Tells the source which bytes of a partition are acknowledged, if it may read on.</summary>
    internal void Renew(SourcePartition partition)
    {
        if (_memory != MemoryLevel.Normal && partition != _mayRead)
            return;
        Invariant.Holds(_memory != MemoryLevel.Full, "at the memory budget no partition is told that it may read on");
        var bytes = partition.DequeueAcknowledgedBytes();
        if (bytes > 0)
            effects.ReduceInFlight(partition.Topic, partition.Partition, partition.Generation, bytes);
    }

    /// <summary>Looks at how much memory the process holds, and lets read whatever may be read now.</summary>
    internal void LookAtMemory()
    {
        var before = _memory;
        _memory = settings.Memory();
        _mayRead = null;
        if (_memory == MemoryLevel.Normal && before == MemoryLevel.Normal)
            return;
        foreach (var partition in partitions.All)
        {
            if (_memory == MemoryLevel.Normal)
                Renew(partition);
            else if (_memory == MemoryLevel.Near && partition.HasAcknowledgedBytes && !partition.IsPaused && IsBehind(partition, _mayRead))
                _mayRead = partition;
        }

        Invariant.Holds(
            _mayRead is null || _memory == MemoryLevel.Near,
            "near the memory budget one partition may read on, and otherwise no single one");
        if (_mayRead is not null)
            Renew(_mayRead);
    }

    bool IsBehind(SourcePartition partition, SourcePartition? other) => other is null || Progress(partition) < Progress(other);

    long Progress(SourcePartition partition) => partition.Progress(settings.MaxOutOfOrdernessMs);
}
