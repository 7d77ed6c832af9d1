using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>The record to which a partition owes its time on one side: the one with the highest event time.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The record's offset.</param>
/// <param name="TimeMs">Its event time, ms since the epoch.</param>
readonly record struct NewestRecord(Side Side, string Topic, int Partition, long Offset, long TimeMs);
