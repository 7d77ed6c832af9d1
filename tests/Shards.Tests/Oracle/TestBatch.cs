using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>The records of one partition in [From, To), and its watermark or null.</summary>
sealed record TestBatch(
    Side Side, int Partition, int PartitionCount, long From, long To, IReadOnlyList<TestRecord> Records, long? Watermark = null)
{
    internal byte[] Encode() => TestBatches.Encode(this);

    internal PartitionId Id => new(Side, 0, Partition);
}
