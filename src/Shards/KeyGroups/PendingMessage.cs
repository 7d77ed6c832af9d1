using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>Batches that were accepted and wait for the journal, and whom to tell.</summary>
readonly record struct PendingMessage(byte[] Batches, object Sender, CoveredPartition[] Covered);
