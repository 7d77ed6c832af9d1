using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Says of a partition: all records in [<paramref name="From"/>, <paramref name="Through"/>) have been acknowledged by the key groups
/// they belong to, and <paramref name="Watermark"/> is computed from the records below <paramref name="Through"/>. It stays true for
/// ever, so one tick serves every key group, however late it comes.
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="PartitionCount">How many partitions its topic has.</param>
/// <param name="From">The offset at which the sender began to read.</param>
/// <param name="Through">The acknowledged prefix.</param>
/// <param name="Watermark">ms since the epoch, or <see cref="SideWatermarks.None"/>.</param>
/// <param name="Generation">The assignment that the sender read it in.</param>
/// <param name="Kind">What it speaks of.</param>
readonly record struct Tick(
    PartitionId Partition, int PartitionCount, long From, long Through, long Watermark, int Generation, TickKind Kind = TickKind.Records);
