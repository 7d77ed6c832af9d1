using System.Globalization;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>Makes a report of what is known of a key group.</summary>
sealed class KeyGroupReporter(JoinSettings join)
{
    /// <summary>The report.</summary>
    /// <param name="group">The key group.</param>
    /// <param name="location">Its location; null = no node is known to have it.</param>
    /// <param name="status">What it answered; null = nothing.</param>
    /// <param name="offsets">Where the source partitions begin and end; null = Kafka did not answer.</param>
    internal KeyGroupReport Report(
        int group,
        KeyGroupLocation? location,
        KeyGroupStatus? status,
        IReadOnlyDictionary<TopicPartition, (long Start, long End)>? offsets) => status is null
        ? new KeyGroupReport(group, location?.Node.ToString(), State(location))
        : new KeyGroupReport(
            group,
            status.Node,
            KeyGroupState.Running,
            status.Sequence,
            status.LastConfirmed,
            status.Unconfirmed,
            offsets is null ? null : Lag(status.Applied, offsets),
            status.Buffered,
            status.Left.Waiting + status.Right.Waiting,
            status.StateBytes,
            status.JournalBytes,
            status.SnapshotSequence == 0
                ? null
                : new SnapshotReport(status.SnapshotSequence, DateTimeOffset.FromUnixTimeMilliseconds(status.SnapshotTimeMs)),
            Watermark(Side.Left, status.LeftWatermark, status.LeftHolder),
            Watermark(Side.Right, status.RightWatermark, status.RightHolder));

    static KeyGroupState State(KeyGroupLocation? location) => location switch
    {
        null => KeyGroupState.NotStarted,
        { IsReachable: false } => KeyGroupState.Unreachable,
        _ => KeyGroupState.Recovering,
    };

    // What was deleted cannot be read any more, and is no lag. A topic that is joined with itself counts once.
    long Lag(AppliedPartition[] applied, IReadOnlyDictionary<TopicPartition, (long Start, long End)> offsets)
    {
        var appliedOffsets = applied
            .GroupBy(c => new TopicPartition(Topic(c.Partition.Side), c.Partition.Partition))
            .ToDictionary(partition => partition.Key, partition => partition.Min(c => c.Offset));
        return offsets.Sum(p => Math.Max(0, p.Value.End - Math.Max(p.Value.Start, appliedOffsets.GetValueOrDefault(p.Key))));
    }

    WatermarkReport Watermark(Side side, long watermark, string holder) => new(
        watermark <= SideWatermarks.None ? null : watermark,
        Topic(side),
        int.Parse(holder.AsSpan(holder.LastIndexOf('/') + 1), CultureInfo.InvariantCulture));

    string Topic(Side side) => side == Side.Left ? join.Left.Topic : join.Right.Topic;
}
