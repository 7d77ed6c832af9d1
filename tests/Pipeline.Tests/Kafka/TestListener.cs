using System.Collections.Concurrent;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>Keeps what it hears, and does what the test wants in the callbacks.</summary>
sealed class TestListener : IAssignmentListener
{
    internal ConcurrentQueue<PartitionStart> Starts { get; } = new();

    internal ConcurrentQueue<TopicPartitionGeneration> RevokedPartitions { get; } = new();

    internal ConcurrentQueue<TopicPartitionGeneration> LostPartitions { get; } = new();

    /// <summary>The partitions that it has now, in order.</summary>
    internal int[] Held =>
    [
        .. Starts.Where(s => !RevokedPartitions.Concat(LostPartitions).Any(gone => gone.Partition == s.Partition && gone.Generation >= s.Generation))
            .Select(s => s.Partition).Distinct().Order(),
    ];

    internal Action<IReadOnlyList<PartitionStart>> OnAssigned { get; set; } = static _ => { };

    internal Func<TopicPartitionGeneration, long> CommitOnRevoke { get; set; } = static _ => -1;

    public void Assigned(IReadOnlyList<PartitionStart> starts)
    {
        foreach (var s in starts)
            Starts.Enqueue(s);
        OnAssigned(starts);
    }

    public void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
    {
        commit([.. partitions.Select(p => new PartitionOffset(p.Topic, p.Partition, p.Generation, CommitOnRevoke(p))).Where(o => o.Offset >= 0)]);
        foreach (var p in partitions)
            RevokedPartitions.Enqueue(p);
    }

    public void Lost(IReadOnlyList<TopicPartitionGeneration> partitions)
    {
        foreach (var p in partitions)
            LostPartitions.Enqueue(p);
    }
}
