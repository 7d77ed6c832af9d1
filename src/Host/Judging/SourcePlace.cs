using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Judging;

/// <summary>Where a source record lies.</summary>
readonly record struct SourcePlace(Side Side, int Partition, long Offset);
