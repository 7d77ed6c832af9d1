namespace AkkaJoin.Shards.Outputs;

/// <summary>What an output record is. The numbers are part of journals and snapshots.</summary>
enum RowKind : byte
{
    /// <summary>Partners that joined, none of them late.</summary>
    Matched = 0,

    /// <summary>A record whose window closed without a partner, or whose key is null.</summary>
    Unmatched = 1,

    /// <summary>Partners that joined, at least one of them late.</summary>
    LateJoined = 2,

    /// <summary>A copy of a late record, for the late topic.</summary>
    LateRecord = 3,

    /// <summary>A copy of a record whose id was seen with another time, for the late topic.</summary>
    IdConflict = 4,

    /// <summary>
    /// A row that takes the place of rows that are out already, since a record came late; the header
    /// <see cref="OutputHeaders.Supersedes"/> names these.
    /// </summary>
    Repaired = 5,
}

/// <summary>What is said of every kind.</summary>
static class RowKinds
{
    /// <summary>Whether it is a copy of a record for the late topic, and no row.</summary>
    internal static bool IsCopy(this RowKind kind) => kind is RowKind.LateRecord or RowKind.IdConflict;
}
