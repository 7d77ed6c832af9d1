using System.Numerics;
using System.Security.Cryptography;
using Akka.Actor;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Metering;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What every key group of one join on this node is made with.</summary>
/// <param name="Definition">The definition that is configured.</param>
/// <param name="RowWriters">Makes the row writer of one key group.</param>
/// <param name="Outputs">Takes the outputs of an event; must not block.</param>
/// <param name="Fatal">Told of a key group that no restart mends: its journal has a hole, or an event cannot be applied.</param>
/// <param name="Limits">The limits.</param>
/// <param name="FlushInterval">How long ticks and confirmations may wait for the journal.</param>
/// <param name="JournalPlace">Where the journal is, for messages.</param>
sealed record KeyGroupSetup(
    JoinDefinition Definition,
    Func<JoinDefinition, IRowWriter> RowWriters,
    Action<OutputEvent> Outputs,
    Action<Exception> Fatal,
    KeyGroupLimits Limits,
    TimeSpan FlushInterval,
    string JournalPlace)
{
    /// <summary>The node's <see cref="TickRelay"/>.</summary>
    internal IActorRef Ticks { get; init; } = ActorRefs.Nobody;

    /// <summary>The cluster role of the nodes that run the join; null = all nodes do.</summary>
    internal string? Role { get; init; }

    /// <summary>Where the chunks of snapshots go.</summary>
    internal required ISnapshotChunks Chunks { get; init; }

    /// <summary>Taken by each key group of the node, of whatever join, while it writes a snapshot.</summary>
    internal SemaphoreSlim SnapshotPermits { get; init; } = new(JournalLimits.SnapshotsMaxDefault);

    /// <summary>Draws an incarnation's random bits.</summary>
    internal Func<Incarnation> Incarnations { get; init; } = static () => Incarnation.Of(RandomNumberGenerator.GetBytes(8));

    /// <summary>The format to write, as the members of the cluster announce it now.</summary>
    internal Func<byte> FormatVersion { get; init; } = static () => FormatVersions.Newest;

    /// <summary>Where the groups' records are held; the node's.</summary>
    internal SlabPool Slabs { get; init; } = new HeapSlabPool();

    /// <summary>Bytes that each key group holds beside its slabs, as its last event left them: tables, what waits for the journal, rows that wait for the broker.</summary>
    internal long[] Bytes { get; } = new long[Definition.KeyGroups];

    /// <summary>Bytes of the records that each key group holds, as its last event left them.</summary>
    internal long[] SlabBytes { get; } = new long[Definition.KeyGroups];

    /// <summary>How long an orderly stop waits for the broker and the journal. Must stay below sharding's handoff-timeout.</summary>
    internal TimeSpan HandOverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Looks after a recovery for outputs that are in the topics already; null = they are written again.</summary>
    internal IOutputTail? Tail { get; init; }

    /// <summary>Whether the join has ended on this node: nothing is confirmed any more, and an orderly stop waits for nothing.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>What the process remembers of each key group over its incarnations.</summary>
    internal GroupMemory[] Memories { get; } = [.. Enumerable.Range(0, Definition.KeyGroups).Select(_ => new GroupMemory())];

    /// <summary>What the key groups show of themselves.</summary>
    internal JoinGauges Gauges { get; } = new(Definition.Name, Definition.KeyGroups);

    // Failures of all key groups since the last good event of any.
    int _failures;

    /// <summary>
    /// Whether a failure of a key group is worth a line: a journal that is away for an hour is not told of by each group every second, but at the first failure,
    /// the second, the fourth, the eighth ..., of the group and of all together.
    /// </summary>
    internal bool IsWorthALine(int group)
    {
        var all = Interlocked.Increment(ref _failures);
        return BitOperations.IsPow2(Memories[group].Failures) && BitOperations.IsPow2(all);
    }

    /// <summary>A key group had a good event.</summary>
    internal void Succeeded() => Volatile.Write(ref _failures, 0);

    /// <summary>The persistence id of a key group.</summary>
    internal string PersistenceId(int group) => $"akkajoin-{Definition.Name}-{group}";

    /// <inheritdoc/>
    public override string ToString() => Definition.Name;
}
