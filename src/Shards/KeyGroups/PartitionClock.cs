using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a key group knows of one source partition.</summary>
/// <param name="CoveredThrough">
/// Every record of the partition below this offset that belongs to the group is in the state, exactly once; none above is.
/// </param>
/// <param name="Watermark">No record below it comes any more that is not late. Computed from records below covered-through alone.</param>
readonly record struct PartitionClock(long CoveredThrough, long Watermark)
{
    /// <summary>A partition of which only the offset is known.</summary>
    internal static PartitionClock At(long offset) => new(offset, SideWatermarks.None);
}
