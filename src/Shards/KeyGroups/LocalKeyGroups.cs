using System.Numerics;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What the key groups of one join share on a node: what each shows of itself, and what the process remembers of it
/// between two incarnations. Each key group writes its own slots; any thread reads them.
/// </summary>
sealed class LocalKeyGroups(string join, int keyGroups)
{
    // Told when an order is new.
    readonly Action?[] _listeners = new Action?[keyGroups];

    StrongBox<TimeOrder> _order = new();

    // Failures of all key groups since the last event that any of them wrote.
    int _failures;

    /// <summary>
    /// By key group, bytes that it keeps beside its slabs: tables, what waits for the journal, rows that wait for the
    /// broker.
    /// </summary>
    internal long[] Bytes { get; } = new long[keyGroups];

    /// <summary>By key group, bytes of its slabs.</summary>
    internal long[] SlabBytes { get; } = new long[keyGroups];

    /// <summary>By key group, what the process remembers from one incarnation to the next.</summary>
    internal KeyGroupMemory[] Memories { get; } = [.. Enumerable.Range(0, keyGroups).Select(_ => new KeyGroupMemory())];

    /// <summary>What the key groups show as metrics.</summary>
    internal JoinGauges Gauges { get; } = new(join, keyGroups);

    /// <summary>
    /// Whether the join has ended on this node: nothing is confirmed any more, and an orderly stop waits for nothing.
    /// </summary>
    internal bool HasEnded { get; set; }

    /// <summary>What is asked of the join's time, as this node knows it.</summary>
    internal TimeOrder Order => Volatile.Read(ref _order).Value;

    /// <summary>Something else is asked of the join's time.</summary>
    internal void Obey(in TimeOrder order)
    {
        Volatile.Write(ref _order, new StrongBox<TimeOrder>(order));
        for (var group = 0; group < _listeners.Length; group++)
            Volatile.Read(ref _listeners[group])?.Invoke();
    }

    /// <summary>Whether a key group runs on this node.</summary>
    internal bool Runs(int group) => Volatile.Read(ref _listeners[group]) is not null;

    /// <summary>A key group wants to be told when an order is new.</summary>
    internal void Listen(int group, Action listener) => Volatile.Write(ref _listeners[group], listener);

    /// <summary>It has ended. Its successor may listen already.</summary>
    internal void StopListening(int group, Action listener) =>
        Interlocked.CompareExchange(ref _listeners[group], null, listener);

    /// <summary>
    /// Whether a failure of a key group is worth a line in the log. A journal may be away for an hour, and every group
    /// tries again all the time. So only the first failure gets a line, the second, the fourth, the eighth and so on,
    /// of the group and of all groups together.
    /// </summary>
    internal bool IsWorthALine(int group)
    {
        var all = Interlocked.Increment(ref _failures);
        return BitOperations.IsPow2(Memories[group].Failures) && BitOperations.IsPow2(all);
    }

    /// <summary>A key group wrote an event.</summary>
    internal void Succeeded() => Volatile.Write(ref _failures, 0);
}
