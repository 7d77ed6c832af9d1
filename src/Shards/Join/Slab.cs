namespace AkkaJoin.Shards.Join;

/// <summary>The bytes of one journal event, or what a snapshot kept of them, that entries point into.</summary>
struct Slab
{
    internal byte[]? Bytes;

    /// <summary>Where the batches begin, ascending.</summary>
    internal int[] Starts;

    /// <summary>Entries that point into it. At 0 the slab is dropped.</summary>
    internal int Live;

    /// <summary>The order in which slabs came.</summary>
    internal long Order;
}
