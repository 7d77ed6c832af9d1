using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

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

    /// <summary>How many partitions the partition's topic is known to have.</summary>
    internal int CountOf(PartitionId partition) => _counts.GetValueOrDefault(partition with { Partition = 0 });

    /// <summary>
    /// Takes in how many partitions a topic has. Where there are more than were known, the new ones hold their side's watermark where it
    /// is, and not at minus infinity: a watermark never goes back, or what is closed would be open again.
    /// </summary>
    internal void HearOf(PartitionId partition, int partitionCount)
    {
        var topic = partition with { Partition = 0 };
        var known = CountOf(partition);
        if (partitionCount <= known)
            return;
        var watermark = Lowest(partition.Side).Watermark;
        _counts[topic] = partitionCount;
        for (var number = known; number < partitionCount && watermark > SideWatermarks.None; number++)
            RaiseWatermark(topic with { Partition = number }, watermark);
    }

    /// <summary>Takes in what a batch or a tick says of a partition.</summary>
    internal void Raise(PartitionId partition, int partitionCount, long through, long watermark)
    {
        HearOf(partition, partitionCount);
        var clock = _clocks.TryGetValue(partition, out var known) ? known : PartitionClock.At(through);
        _clocks[partition] = new PartitionClock(
            Math.Max(clock.CoveredThrough, through), Math.Max(clock.Watermark, watermark));
    }

    /// <summary>Raises the watermark of every partition of a side, heard of or not, to <paramref name="watermark"/> at least.</summary>
    internal void RaiseSide(Side side, long watermark)
    {
        if (!_counts.Keys.Any(topic => topic.Side == side))
            _counts[new PartitionId(side, 0, 0)] = 1;
        foreach (var (topic, count) in _counts.Where(entry => entry.Key.Side == side).ToList())
        {
            for (var partition = 0; partition < count; partition++)
                RaiseWatermark(topic with { Partition = partition }, watermark);
        }
    }

    /// <summary>The sides' watermarks.</summary>
    internal SideWatermarks Watermarks()
    {
        var (left, leftHolder) = Lowest(Side.Left);
        var (right, rightHolder) = Lowest(Side.Right);
        return new SideWatermarks(left, right, leftHolder, rightHolder);
    }

    /// <summary>The sides' watermarks as they will be with these ticks.</summary>
    internal SideWatermarks WatermarksWith(IReadOnlyCollection<Tick> ticks)
    {
        var then = new PartitionClocks();
        foreach (var (topic, count) in _counts)
            then._counts[topic] = count;
        foreach (var (partition, clock) in _clocks)
            then._clocks[partition] = clock;
        foreach (var tick in ticks)
            then.HearOf(tick.Partition, tick.PartitionCount);
        foreach (var tick in ticks)
            then.Raise(tick.Partition, tick.PartitionCount, tick.Through, tick.Watermark);
        return then.Watermarks();
    }

    internal void RestoreCount(PartitionId topic, int count) => _counts[topic] = count;

    internal void Restore(PartitionId partition, PartitionClock clock) => _clocks[partition] = clock;

    void RaiseWatermark(PartitionId partition, long watermark)
    {
        var clock = _clocks.TryGetValue(partition, out var known) ? known : new PartitionClock(-1, SideWatermarks.None);
        _clocks[partition] = clock with { Watermark = Math.Max(clock.Watermark, watermark) };
    }

    (long Watermark, PartitionId Holder) Lowest(Side side)
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
                if (watermark < lowest)
                    (lowest, holder) = (watermark, id);
            }
        }

        return (lowest == long.MaxValue ? SideWatermarks.None : lowest, holder);
    }
}
