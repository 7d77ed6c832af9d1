using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A partition and the offset below which it is covered.</summary>
readonly record struct CoveredPartition(PartitionId Partition, long Through);
