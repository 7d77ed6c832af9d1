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
    readonly LowestWatermark[] _lowest = [new(), new()];

    // Partitions beyond the number that their topic is known to have: they do not count. Only a journal from before such ticks were refused has any.
    readonly List<PartitionId> _beyond = [];

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
        SetCount(topic, partitionCount);
        for (var number = known; number < partitionCount && watermark > SideWatermarks.None; number++)
            RaiseWatermark(topic with { Partition = number }, watermark);
    }

    /// <summary>Takes in what a batch or a tick says of a partition.</summary>
    internal void Raise(PartitionId partition, int partitionCount, long through, long watermark)
    {
        HearOf(partition, partitionCount);
        var clock = _clocks.TryGetValue(partition, out var known) ? known : PartitionClock.At(through);
        Set(partition, new PartitionClock(Math.Max(clock.CoveredThrough, through), Math.Max(clock.Watermark, watermark)));
    }

    /// <summary>Raises the watermark of every partition of a side, heard of or not, to <paramref name="watermark"/> at least.</summary>
    internal void RaiseSide(Side side, long watermark)
    {
        if (!_counts.Keys.Any(topic => topic.Side == side))
            SetCount(new PartitionId(side, 0, 0), 1);
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
    internal SideWatermarks WatermarksWith(IReadOnlyCollection<Tick> ticks) =>
        Watermarks() with { Left = LowestWith(Side.Left, ticks), Right = LowestWith(Side.Right, ticks) };

    internal void RestoreCount(PartitionId topic, int count) => SetCount(topic, count);

    internal void Restore(PartitionId partition, PartitionClock clock) => Set(partition, clock);

    void RaiseWatermark(PartitionId partition, long watermark)
    {
        var clock = _clocks.TryGetValue(partition, out var known) ? known : new PartitionClock(-1, SideWatermarks.None);
        Set(partition, clock with { Watermark = Math.Max(clock.Watermark, watermark) });
    }

    void Set(PartitionId partition, PartitionClock clock)
    {
        var before = _clocks.TryGetValue(partition, out var known) ? known.Watermark : SideWatermarks.None;
        _clocks[partition] = clock;
        if (partition.Partition < CountOf(partition))
            _lowest[(int)partition.Side].Change(partition, before, clock.Watermark);
        else if (!_beyond.Contains(partition))
            _beyond.Add(partition);
    }

    void SetCount(PartitionId topic, int count)
    {
        _counts[topic] = count;
        _lowest[(int)topic.Side].Grow(topic.Source, count);
        foreach (var partition in _beyond.Where(p => p.Side == topic.Side && p.Source == topic.Source && p.Partition < count).ToList())
        {
            _beyond.Remove(partition);
            _lowest[(int)topic.Side].Change(partition, SideWatermarks.None, _clocks[partition].Watermark);
        }
    }

    (long Watermark, PartitionId Holder) Lowest(Side side) => _lowest[(int)side].Value(side);

    // As if the ticks had been taken: looks at their partitions, and at no more of the others than at the lowest.
    long LowestWith(Side side, IReadOnlyCollection<Tick> ticks)
    {
        var lowest = _lowest[(int)side];
        var current = Lowest(side).Watermark;
        var unheard = lowest.Unheard;
        var then = long.MaxValue;
        var counts = new Dictionary<int, int>();
        foreach (var tick in ticks.Where(tick => tick.Partition.Side == side))
            counts[tick.Partition.Source] = Math.Max(tick.PartitionCount, counts.GetValueOrDefault(tick.Partition.Source, CountOf(tick.Partition)));

        var isEmpty = lowest.IsEmpty && counts.Values.All(count => count == 0);
        var added = counts.Sum(entry => entry.Value - (long)CountOf(new PartitionId(side, entry.Key, 0)));

        var spoken = new Dictionary<PartitionId, long>();
        foreach (var tick in ticks.Where(tick => tick.Partition.Side == side && tick.Partition.Partition < counts[tick.Partition.Source]))
            spoken[tick.Partition] = Math.Max(tick.Watermark, spoken.GetValueOrDefault(tick.Partition, SideWatermarks.None));
        foreach (var (partition, said) in spoken)
        {
            var isNew = partition.Partition >= CountOf(partition);
            var known = _clocks.TryGetValue(partition, out var clock) ? clock.Watermark : SideWatermarks.None;
            then = Math.Min(then, Math.Max(said, isNew ? Math.Max(known, current) : known));
            if (isNew)
                added--;
            else if (known <= SideWatermarks.None)
                unheard--;
        }

        if (isEmpty || unheard > 0)
            return SideWatermarks.None;
        if (added > 0)
            then = Math.Min(then, current);
        foreach (var (watermark, partition) in lowest.Ascending)
        {
            if (spoken.ContainsKey(partition))
                continue;
            then = Math.Min(then, watermark);
            break;
        }

        return then is long.MaxValue ? SideWatermarks.None : Math.Max(then, SideWatermarks.None);
    }
}
