using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>An answer that goes out once every event up to <paramref name="Sequence"/> is confirmed.</summary>
readonly record struct AwaitedAck(long Sequence, object Sender, CoveredPartition[] Covered, object? Message);
