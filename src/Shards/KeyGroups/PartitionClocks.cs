using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Coverage and watermarks of every source partition, as a key group has journaled them. A side's watermark is the minimum over its
/// partitions; a partition never heard of counts as minus infinity, and the highest partition count ever heard says how many there are.
/// Neither offsets nor watermarks go back.
/// </summary>
sealed class PartitionClocks
{
    readonly SortedDictionary<PartitionId, PartitionClock> _clocks = [];
    readonly SortedDictionary<PartitionId, int> _counts = [];

    /// <summary>The partitions heard of, in order.</summary>
    internal IReadOnlyDictionary<PartitionId, PartitionClock> Known => _clocks;

    /// <summary>Partition counts by topic (partition 0 stands for the topic).</summary>
    internal IReadOnlyDictionary<PartitionId, int> Counts => _counts;

    /// <summary>The offset through which the partition is covered, or -1 where nothing is known of it.</summary>
    internal long CoveredThrough(PartitionId partition) => _clocks.TryGetValue(partition, out var clock) ? clock.CoveredThrough : -1;

    /// <summary>Takes in what a batch or a tick says of a partition.</summary>
    internal void Raise(PartitionId partition, int partitionCount, long through, long watermark)
    {
        var clock = _clocks.TryGetValue(partition, out var known) ? known : PartitionClock.At(through);
        _clocks[partition] = new PartitionClock(
            Math.Max(clock.CoveredThrough, through), Math.Max(clock.Watermark, watermark));
        var topic = partition with { Partition = 0 };
        if (!_counts.TryGetValue(topic, out var count) || count < partitionCount)
            _counts[topic] = partitionCount;
    }

    /// <summary>Raises the watermark of every partition of a side, heard of or not, to <paramref name="watermark"/> at least.</summary>
    internal void RaiseSide(Side side, long watermark)
    {
        if (!_counts.Keys.Any(topic => topic.Side == side))
            _counts[new PartitionId(side, 0, 0)] = 1;
        foreach (var (topic, count) in _counts.Where(entry => entry.Key.Side == side).ToList())
        {
            for (var partition = 0; partition < count; partition++)
            {
                var id = topic with { Partition = partition };
                var clock = _clocks.TryGetValue(id, out var known) ? known : new PartitionClock(-1, SideWatermarks.None);
                _clocks[id] = clock with { Watermark = Math.Max(clock.Watermark, watermark) };
            }
        }
    }

    /// <summary>The sides' watermarks, with <paramref name="extra"/> taken into account as if it had been raised already.</summary>
    internal SideWatermarks Watermarks(IReadOnlyDictionary<PartitionId, Protocol.Tick>? extra = null)
    {
        var (left, leftHolder) = Lowest(Side.Left, extra);
        var (right, rightHolder) = Lowest(Side.Right, extra);
        return new SideWatermarks(left, right, leftHolder, rightHolder);
    }

    internal void RestoreCount(PartitionId topic, int count) => _counts[topic] = count;

    internal void Restore(PartitionId partition, PartitionClock clock) => _clocks[partition] = clock;

    (long Watermark, PartitionId Holder) Lowest(Side side, IReadOnlyDictionary<PartitionId, Protocol.Tick>? extra)
    {
        var lowest = long.MaxValue;
        var holder = new PartitionId(side, 0, 0);
        foreach (var (topic, known) in _counts)
        {
            if (topic.Side != side)
                continue;
            for (var partition = 0; partition < known; partition++)
            {
                var id = topic with { Partition = partition };
                var watermark = _clocks.TryGetValue(id, out var clock) ? clock.Watermark : SideWatermarks.None;
                if (extra is not null && extra.TryGetValue(id, out var tick))
                    watermark = Math.Max(watermark, tick.Watermark);
                if (watermark < lowest)
                    (lowest, holder) = (watermark, id);
            }
        }

        return (lowest == long.MaxValue ? SideWatermarks.None : lowest, holder);
    }
}
