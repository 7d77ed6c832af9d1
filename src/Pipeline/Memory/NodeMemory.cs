using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Pipeline.Memory;

/// <summary>
/// The memory of all joins of a process, counted against its budget: slabs (unless they are mapped files), tables,
/// records that wait for the journal, rows that wait for the broker, and messages in flight. The runtime and
/// librdkafka's buffers are not counted: the default budget leaves room for them.
/// </summary>
sealed class NodeMemory : IDisposable
{
    // Of the memory that the process may use.
    const double DefaultShare = 0.8;

    // Of the budget: where a level begins and where it ends. The end is lower, so that the level does not flicker.
    const double NearFrom = 0.9, NearUntil = 0.85, FullUntil = 0.97;

    // The same for a join that people hold: its state does not shrink before they let it go, so it stops in time.
    const double HeldSaidFrom = 0.85, HeldFrom = 0.95, HeldUntil = 0.93;
    const int GroupsNamed = 3;

    readonly ConcurrentDictionary<string, JoinMemory> _joins = [];
    readonly int _waitMs;
    int _level;
    long _fullSince;

    /// <exception cref="StateException">The directory of the state cannot be used.</exception>
    internal NodeMemory(MemorySettings settings, SlabPool? slabs = null)
    {
        Slabs = slabs ?? (settings.StateDirectory is null ? new HeapSlabPool() : new MappedSlabPool(settings.StateDirectory));
        Budget = settings.BudgetBytes ?? (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * DefaultShare);
        _waitMs = settings.WaitMs;
    }

    /// <summary>Where buffered records are.</summary>
    internal SlabPool Slabs { get; }

    /// <summary>The most bytes that all joins together may use.</summary>
    internal long Budget { get; }

    /// <summary>Bytes that all joins together use.</summary>
    internal long Used => (Slabs.IsMemory ? Slabs.Bytes : 0) + _joins.Values.Sum(join => join.BesideSlabs);

    /// <summary>Whether the budget has been used up for longer than it may be.</summary>
    internal bool IsStuck =>
        Volatile.Read(ref _fullSince) is var since and > 0 && Stopwatch.GetElapsedTime(since).TotalMilliseconds > _waitMs;

    /// <summary>Counts a join from now on, instead of an earlier one of its name.</summary>
    internal JoinMemory Add(string join, KeyGroupSetup groups, long producerBytes) =>
        _joins[join] = new JoinMemory(join, groups, producerBytes);

    /// <summary>Looks at the memory in use now, for one join.</summary>
    internal MemoryLevel Look(JoinMemory join)
    {
        var level = Look();
        join.Waits = join.IsHeld && Used >= Budget * (join.Waits ? HeldUntil : HeldFrom);
        return join.Waits ? MemoryLevel.Full : level;
    }

    /// <summary>Whether it is to be said of a join that people hold how much memory is in use.</summary>
    internal bool IsWorthSaying(JoinMemory join) => join.IsHeld && Used >= Budget * HeldSaidFrom;

    /// <summary>Looks at the memory in use now.</summary>
    internal MemoryLevel Look()
    {
        var before = (MemoryLevel)Volatile.Read(ref _level);
        var used = Used / (double)Budget;
        var level = used >= 1 || (before == MemoryLevel.Full && used >= FullUntil) ? MemoryLevel.Full
            : used >= NearFrom || (before != MemoryLevel.Normal && used >= NearUntil) ? MemoryLevel.Near
            : MemoryLevel.Normal;
        if (level != before)
        {
            Volatile.Write(ref _level, (int)level);
            Volatile.Write(ref _fullSince, level == MemoryLevel.Full ? Stopwatch.GetTimestamp() : 0);
        }

        // The wait does not run while people hold a join: they know why the state grows.
        if (level == MemoryLevel.Full && _joins.Values.Any(join => join.IsHeld))
            Volatile.Write(ref _fullSince, Stopwatch.GetTimestamp());
        return level;
    }

    /// <summary>The memory of each join, for a message.</summary>
    internal string Describe() => string.Join(
        "; ",
        _joins.Values.OrderByDescending(join => join.SlabBytes + join.BesideSlabs).Select(join =>
            $"join {join.Name} {Show(join.SlabBytes)} of records and {Show(join.BesideSlabs)} beside, most in the key groups "
            + string.Join(", ", join.Largest(GroupsNamed).Select(entry => $"{entry.Group} ({Show(entry.Bytes)})"))));

    /// <summary>Bytes as a message has them.</summary>
    internal static string Show(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 20):N0} MiB");

    /// <summary>Gives mapped files back. No key group may run any more.</summary>
    public void Dispose() => Slabs.Dispose();
}

/// <summary>How near the process is to its memory budget. It decides which partitions are read.</summary>
enum MemoryLevel
{
    /// <summary>All partitions are read.</summary>
    Normal,

    /// <summary>
    /// Of each join only the partition is read that is furthest behind in event time. Its records let time advance, so
    /// that buffered records expire.
    /// </summary>
    Near,

    /// <summary>No partition is read.</summary>
    Full,
}
