namespace AkkaJoin.Shards.Join;

/// <summary>What an entry has been through. The numbers are part of snapshots.</summary>
[Flags]
enum EntryFlags : byte
{
    None = 0,

    /// <summary>It joined at least once.</summary>
    Matched = 1,

    /// <summary>It was late when it came: it never gives an unmatched row.</summary>
    Late = 2,

    /// <summary>Its row came out, or it cannot join any more; only its id is still remembered.</summary>
    Closed = 4,

    /// <summary>It is in the key index. One that never can join (null key, closed when it came) is not.</summary>
    Indexed = 8,

    /// <summary>Attribution, a left: its window is closed but a held right can still have it.</summary>
    Waiting = 16,

    /// <summary>It is in the id index. Not part of snapshots.</summary>
    IdIndexed = 32,
}
