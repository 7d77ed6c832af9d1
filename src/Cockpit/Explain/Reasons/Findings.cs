using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>All that was found out about a pair of records, or about one.</summary>
sealed record Findings
{
    /// <summary>The join.</summary>
    public required JoinSettings Join { get; init; }

    /// <summary>Its definition: the window is the one that counts, open ends narrowed.</summary>
    public required JoinDefinition Definition { get; init; }

    /// <summary>Whether the join runs with it on this node; else it is what the configuration says.</summary>
    public required bool RunsWithDefinition { get; init; }

    /// <summary>The records that were asked for: the left and the right, or one.</summary>
    public required IReadOnlyList<FoundRecord> Asked { get; init; }

    /// <summary>What became of each record of <see cref="Asked"/>, in the same order.</summary>
    public IReadOnlyList<RecordFindings> Fates { get; init; } = [];

    /// <summary>Rows of the pair.</summary>
    public IReadOnlyList<FoundRow> PairRows { get; init; } = [];

    /// <summary>All rows of the key that are not superseded, of an attribution in the form json.</summary>
    public IReadOnlyList<AttributionRow> Attributions { get; init; } = [];

    /// <summary>Whether rows of an attribution can be read.</summary>
    public bool ReadsAttributions { get; init; }

    /// <summary>What the key group tells; null = it does not answer, or was not asked.</summary>
    public LiveKey? Live { get; init; }

    /// <summary>The searches that were made.</summary>
    public IReadOnlyList<SearchEnd> Searches { get; init; } = [];

    /// <summary>Records of the other side that the one record might have met; null = a pair was asked for.</summary>
    public Candidates? Candidates { get; init; }

    /// <summary>The record of a side; null = none was asked for.</summary>
    internal InputRecord? Of(Side side) => Asked.FirstOrDefault(found => found.Side == side)?.Record;

    /// <summary>What became of the record of a side.</summary>
    internal RecordFindings? FateOf(Side side) => Fates.FirstOrDefault(fate => fate.Record.Side == side);
}

/// <summary>What became of one record.</summary>
/// <param name="Record">The record.</param>
sealed record RecordFindings(InputRecord Record)
{
    /// <summary>Its unmatched rows, superseded ones included.</summary>
    public IReadOnlyList<FoundRow> AloneRows { get; init; } = [];

    /// <summary>Its copy in the late topic; null = none was found.</summary>
    public LateCopy? Late { get; init; }

    /// <summary>Its copy in the dead-letter topic; null = none was found, or none was looked for.</summary>
    public DeadCopy? Dead { get; init; }

    /// <summary>Another record of its side with its key and id that lies before it; null = none was found.</summary>
    public InputRecord? Earlier { get; init; }

    /// <summary>How far its partition is read and applied.</summary>
    public RecordProgress Progress { get; init; } = new();
}

/// <summary>How far a record's partition is read and applied.</summary>
sealed record RecordProgress
{
    /// <summary>The offset at which the join began with the partition; null = not known.</summary>
    public long? Origin { get; init; }

    /// <summary>The offset below which the record's key group has applied all; null = it does not answer.</summary>
    public long? Applied { get; init; }

    /// <summary>The committed offset of the join's consumer group; null = there is none.</summary>
    public long? Committed { get; init; }

    /// <summary>What the node that reads the partition tells; null = none answers.</summary>
    public LivePartition? Reader { get; init; }

    /// <summary>The next offset of the partition.</summary>
    public long LogEnd { get; init; }

    /// <summary>The record's key group.</summary>
    public int Group { get; init; }

    /// <summary>Whether every key group, or the record's own, has applied it; null = nobody tells.</summary>
    internal bool? IsApplied(long offset)
    {
        if (Committed > offset || Applied > offset)
            return true;
        return Applied is null ? null : false;
    }
}

/// <summary>Records of the other side.</summary>
/// <param name="OfKey">Those with the same key.</param>
/// <param name="Rows">The rows of the pair with each of <paramref name="OfKey"/>, in the same order.</param>
/// <param name="NearMiss">A record whose key is nearly the same; null = none.</param>
/// <param name="Search">The search.</param>
sealed record Candidates(
    IReadOnlyList<InputRecord> OfKey, IReadOnlyList<IReadOnlyList<FoundRow>> Rows, InputRecord? NearMiss, SearchEnd Search);
