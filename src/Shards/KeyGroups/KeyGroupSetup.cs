using System.Security.Cryptography;
using Akka.Actor;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The settings and services that every key group of one join gets on this node. What changes while they run is in
/// <see cref="Local"/>.
/// </summary>
/// <param name="Definition">The definition that is configured.</param>
/// <param name="RowWriters">Makes the row writer of one key group.</param>
/// <param name="Outputs">Gets the rows of an event; must not block.</param>
/// <param name="Fatal">
/// Called where a key group fails and no restart helps: its journal has a hole, or an event cannot be applied.
/// </param>
/// <param name="Limits">The limits.</param>
/// <param name="FlushInterval">How long ticks and confirmations may wait for the journal.</param>
/// <param name="JournalLocation">Where the journal is, for messages to the operator.</param>
sealed record KeyGroupSetup(
    JoinDefinition Definition,
    Func<JoinDefinition, IRowWriter> RowWriters,
    Action<OutputEvent> Outputs,
    Action<Exception> Fatal,
    KeyGroupLimits Limits,
    TimeSpan FlushInterval,
    string JournalLocation)
{
    /// <summary>The node's <see cref="TickRelay"/>.</summary>
    internal IActorRef Ticks { get; init; } = ActorRefs.Nobody;

    /// <summary>The cluster role of the nodes that run the join; null = all nodes do.</summary>
    internal string? Role { get; init; }

    /// <summary>Whether rows name the positions of their records in a header.</summary>
    internal bool WritesSource { get; init; }

    /// <summary>Where the segments of snapshots are stored.</summary>
    internal required ISnapshotSegments Segments { get; init; }

    /// <summary>Each key group of the node, of any join, takes one while it writes a snapshot.</summary>
    internal SemaphoreSlim SnapshotPermits { get; init; } = new(JournalLimits.SnapshotsMaxDefault);

    /// <summary>Draws an incarnation's random bits.</summary>
    internal Func<Incarnation> Incarnations { get; init; } = static () => Incarnation.Of(RandomNumberGenerator.GetBytes(8));

    /// <summary>The format to write, as the members of the cluster announce it now.</summary>
    internal Func<byte> FormatVersion { get; init; } = static () => FormatVersions.Newest;

    /// <summary>
    /// Reads what is asked of the join, so that <see cref="LocalKeyGroups.Order"/> has it; false where the database is
    /// away.
    /// </summary>
    internal Func<Task<bool>> ReadOrder { get; init; } = static () => Task.FromResult(true);

    /// <summary>Where the groups keep their records; the node's.</summary>
    internal SlabPool Slabs { get; init; } = new HeapSlabPool();

    /// <summary>
    /// How long an orderly stop waits for the broker and the journal. Must stay below sharding's handoff-timeout.
    /// </summary>
    internal TimeSpan HandOverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Looks after a recovery for rows that are in the output topics already; null = they are written again.
    /// </summary>
    internal IOutputTail? Tail { get; init; }

    /// <summary>What the key groups share on this node.</summary>
    internal LocalKeyGroups Local { get; } = new(Definition.Name, Definition.KeyGroups);

    /// <summary>The persistence id of a key group.</summary>
    internal string PersistenceId(int group) => $"akkajoin-{Definition.Name}-{group}";

    /// <inheritdoc/>
    public override string ToString() => Definition.Name;
}
