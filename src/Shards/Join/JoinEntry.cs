namespace AkkaJoin.Shards.Join;

/// <summary>
/// One record held by a <see cref="SideStore"/>: 40 bytes. Its bytes stay where they came, at <see cref="Position"/> of slab
/// <see cref="Slab"/>.
/// </summary>
struct JoinEntry
{
    /// <summary>The event time, ms since the epoch.</summary>
    internal long Time;

    internal int Slab;
    internal int Position;

    /// <summary>The lower half of the key's hash: the place in the key index.</summary>
    internal uint KeyHash;

    /// <summary>The hash of key and id: the place in the id index; 0 where the record is not in it.</summary>
    internal uint IdHash;

    /// <summary>Children in the key's treap, or <see cref="EntryTable.None"/>. The lower one links the free list.</summary>
    internal int Lower, Higher;

    /// <summary>The next entry of the same time bucket, or <see cref="EntryTable.None"/>.</summary>
    internal int BucketNext;

    internal EntryFlags Flags;
}
