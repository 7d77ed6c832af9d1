namespace AkkaJoin.Pipeline.Routing;

/// <summary>One batch of a message to a key group.</summary>
readonly record struct SentBatch(SourcePartition Owner, SidePartition Partition, int Generation, long From, long To);
