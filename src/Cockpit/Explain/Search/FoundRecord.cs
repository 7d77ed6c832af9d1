namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>What looking for a record gave.</summary>
/// <param name="Side">The side on which it was looked for.</param>
/// <param name="Topic">The side's topic.</param>
/// <param name="Reference">What was looked for.</param>
/// <param name="Presence">Whether it is there.</param>
sealed record FoundRecord(Side Side, string Topic, RecordReference Reference, Presence Presence)
{
    /// <summary>
    /// The record, where it is <see cref="Presence.Found"/>, <see cref="Presence.Aborted"/> or
    /// <see cref="Presence.OpenTransaction"/>.
    /// </summary>
    public InputRecord? Record { get; init; }

    /// <summary>
    /// Where its partition begins and ends, where a position was asked for and there is such a partition.
    /// </summary>
    public PartitionLog? Log { get; init; }

    /// <summary>How many partitions the topic has.</summary>
    public int Partitions { get; init; }

    /// <summary>Whether the topic is compacted.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>The search by id or key; null where a position was asked for.</summary>
    public SearchEnd? Search { get; init; }

    /// <summary>Other records of the same id or key, in the order in which they were read.</summary>
    public IReadOnlyList<InputRecord> Others { get; init; } = [];
}

/// <summary>Whether a record is where it was looked for.</summary>
enum Presence
{
    /// <summary>It is there, and read_committed shows it.</summary>
    Found,

    /// <summary>There is no such partition, or the offset lies behind the last record, or no record has it.</summary>
    NoSuchPosition,

    /// <summary>It was there, and was deleted.</summary>
    Gone,

    /// <summary>Its transaction was aborted.</summary>
    Aborted,

    /// <summary>It lies in a transaction that is open, or behind one.</summary>
    OpenTransaction,

    /// <summary>No record with this id or key was found.</summary>
    NotFound,
}
