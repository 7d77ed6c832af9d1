using System.Numerics;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What the key groups of one join share on a node: what each shows of itself, and what the process remembers of it
/// between two incarnations. Each key group writes its own slots; any thread reads them.
/// </summary>
sealed class LocalKeyGroups(string join, int keyGroups)
{
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
