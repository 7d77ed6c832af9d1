using System.Globalization;
using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;

namespace AkkaJoin.Host.Administration;

/// <summary>Makes a report of what is known of a key group.</summary>
sealed class GroupReporter(JoinSettings join)
{
    /// <summary>The report.</summary>
    /// <param name="group">The key group.</param>
    /// <param name="home">Where it lives; null = nowhere.</param>
    /// <param name="status">What it answered; null = nothing.</param>
    /// <param name="offsets">Where the source partitions begin and end; null = Kafka did not answer.</param>
    internal GroupReport Report(
        int group, GroupHome? home, GroupStatus? status, IReadOnlyDictionary<TopicPartition, (long Start, long End)>? offsets) => status is null
        ? new GroupReport(group, home?.Node.ToString(), State(home))
        : new GroupReport(
            group,
            status.Node,
            GroupState.Running,
            status.Sequence,
            status.ConfirmedThrough,
            status.Unconfirmed,
            offsets is null ? null : Lag(status.Covered, offsets),
            status.Held,
            status.Left.Resting + status.Right.Resting,
            status.StateBytes,
            status.JournalBytes,
            status.SnapshotSequence == 0 ? null : new SnapshotReport(status.SnapshotSequence, DateTimeOffset.FromUnixTimeMilliseconds(status.SnapshotTimeMs)),
            Watermark(Side.Left, status.LeftWatermark, status.LeftHolder),
            Watermark(Side.Right, status.RightWatermark, status.RightHolder));

    static GroupState State(GroupHome? home) => home switch
    {
        null => GroupState.NotStarted,
        { IsReachable: false } => GroupState.Unreachable,
        _ => GroupState.Recovering,
    };

    // What was deleted cannot be read any more, and is no lag. A topic that is joined with itself counts once.
    long Lag(CoveredPartition[] covered, IReadOnlyDictionary<TopicPartition, (long Start, long End)> offsets)
    {
        var through = covered
            .GroupBy(c => new TopicPartition(Topic(c.Partition.Side), c.Partition.Partition))
            .ToDictionary(partition => partition.Key, partition => partition.Min(c => c.Through));
        return offsets.Sum(p => Math.Max(0, p.Value.End - Math.Max(p.Value.Start, through.GetValueOrDefault(p.Key))));
    }

    WatermarkReport Watermark(Side side, long watermark, string holder) => new(
        watermark <= SideWatermarks.None ? null : watermark,
        Topic(side),
        int.Parse(holder.AsSpan(holder.LastIndexOf('/') + 1), CultureInfo.InvariantCulture));

    string Topic(Side side) => side == Side.Left ? join.Left.Topic : join.Right.Topic;
}
