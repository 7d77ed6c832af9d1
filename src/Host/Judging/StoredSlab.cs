namespace AkkaJoin.Host.Judging;

/// <summary>A slab of a <see cref="RecordStore"/>: in memory, or a place in its file.</summary>
struct StoredSlab
{
    internal byte[]? Bytes;
    internal long FilePosition;
    internal int Length;
}
