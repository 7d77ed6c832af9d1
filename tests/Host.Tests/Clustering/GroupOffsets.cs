using AkkaJoin.Host.Tests.Running;
using Confluent.Kafka;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>What the consumer group of a join has committed, beside what there is.</summary>
sealed class GroupOffsets : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly IConsumer<Ignore, Ignore> _consumer;
    readonly List<TopicPartition> _partitions;

    internal GroupOffsets(JoinOnKafka join)
    {
        _consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = join.Servers, GroupId = join.GroupId })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        _partitions = [.. new[] { join.Left, join.Right }.SelectMany(topic => admin.GetMetadata(topic, Patience).Topics[0].Partitions.Select(p => new TopicPartition(topic, p.PartitionId)))];
    }

    /// <summary>By partition; one without a committed offset is left out.</summary>
    internal Dictionary<TopicPartition, long> Committed() => _consumer.Committed(_partitions, Patience)
        .Where(o => o.Offset.Value >= 0).ToDictionary(o => o.TopicPartition, o => o.Offset.Value);

    /// <summary>Everything that was produced is committed: its rows are out.</summary>
    internal bool AreAtTheEnd()
    {
        var committed = Committed();
        return _partitions.All(p => committed.GetValueOrDefault(p) == _consumer.QueryWatermarkOffsets(p, Patience).High.Value);
    }

    /// <summary>Reads the committed offsets again and again until it is stopped.</summary>
    /// <returns>In words, every offset that went back.</returns>
    internal static async Task<List<string>> WatchAsync(JoinOnKafka join, CancellationToken stop)
    {
        var back = new List<string>();
        using var offsets = new GroupOffsets(join);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var before = offsets.Committed(); !stop.IsCancellationRequested; await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var now = offsets.Committed();
            back.AddRange(before.Where(b => now.GetValueOrDefault(b.Key) < b.Value).Select(b => $"{b.Key} from {b.Value} to {now.GetValueOrDefault(b.Key)}"));
            before = now;
        }

        return back;
    }

    /// <summary>Offsets of every partition are above these.</summary>
    internal bool HavePassed(Dictionary<TopicPartition, long> before)
    {
        var now = Committed();
        return before.All(b => now.GetValueOrDefault(b.Key) > b.Value);
    }

    public void Dispose() => _consumer.Dispose();
}
