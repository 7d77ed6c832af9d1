using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Shards.Journal;

/// <summary>What an event says beside its batches.</summary>
sealed record EventContent
{
    /// <summary>The format to write the event in.</summary>
    internal byte FormatVersion { get; init; } = FormatVersions.Newest;

    /// <summary>The incarnation that wrote the event. Format 1 does not say.</summary>
    internal Incarnation? Incarnation { get; init; }

    /// <summary>The incarnation that wrote the event before it; that of the event itself where it is the first. Format 1 does not say.</summary>
    internal Incarnation? Predecessor { get; init; }

    /// <summary>The contiguous prefix of events whose outputs the broker acknowledged.</summary>
    internal long ConfirmedThrough { get; init; }

    /// <summary>No output of an event above <see cref="ConfirmedThrough"/> lies below it in the output topics. Null = not known.</summary>
    internal OutputPositions? OutputsFrom { get; init; }

    /// <summary>The definition from here on, or null where it stays.</summary>
    internal JoinDefinition? Definition { get; init; }

    /// <summary>The journal's id from here on, or null where it stays.</summary>
    internal string? JournalId { get; init; }

    /// <summary>Watermarks to which every partition of a side is raised, or null.</summary>
    internal (long Left, long Right)? Raise { get; init; }

    /// <summary>Ticks.</summary>
    internal IReadOnlyList<Tick> Ticks { get; init; } = [];

    /// <summary>Where the batches begin.</summary>
    internal int[] BatchStarts { get; init; } = [];
}
