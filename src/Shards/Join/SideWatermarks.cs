using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The watermark of each side: the minimum over the side's partitions, and which partition held it. <see cref="None"/>
/// = a partition was never heard of.
/// </summary>
readonly record struct SideWatermarks(long Left, long Right, PartitionId LeftHolder, PartitionId RightHolder)
{
    /// <summary>
    /// Minus infinity, far enough from the ends of a long that bounds can be added to it and taken from it.
    /// </summary>
    internal const long None = -(1L << 60);

    /// <summary>Plus infinity, the end of the input: beyond every event time plus every bound.</summary>
    internal const long End = 1L << 60;

    /// <summary>Where nothing keeps a watermark from rising.</summary>
    internal const long NoLimit = long.MaxValue;

    internal static SideWatermarks Unknown => new(None, None, new(Side.Left, 0, 0), new(Side.Right, 0, 0));

    internal long Of(Side side) => side == Side.Left ? Left : Right;

    internal PartitionId HolderOf(Side side) => side == Side.Left ? LeftHolder : RightHolder;
}
