using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Partitions;

/// <summary>
/// The partitions of one side in the order of their watermarks: the lowest one, and the partition that holds it back. A
/// change costs the logarithm of their number: a topic may have very many partitions, and each event asks.
/// <para>
/// Invariants. Each partition that has a watermark stands in the order once, with its newest watermark, unless it is
/// left out. No more partitions are heard of than there are.
/// </para>
/// </summary>
sealed class SidePartitions
{
    sealed class Topic
    {
        internal int Count;

        // The partitions that do not count as minus infinity, and a number below which all are among them.
        internal readonly HashSet<int> Heard = [];
        internal int HeardBelow;
    }

    readonly SortedSet<(long Watermark, PartitionId Partition)> _active = [];
    readonly SortedSet<(long Watermark, PartitionId Partition)> _idle = [];
    readonly SortedSet<(long Watermark, PartitionId Partition)> _moved = [];
    readonly SortedDictionary<int, Topic> _topics = [];
    int _partitions;
    int _heard;
    int _excluded;
    int _empty;

    /// <summary>How many partitions a topic has. Never fewer than before.</summary>
    internal void Grow(int source, int count)
    {
        var topic = Of(source);
        _partitions += count - topic.Count;
        topic.Count = count;
    }

    /// <summary>A partition that counts changes.</summary>
    internal void Change(PartitionId partition, in PartitionClock before, in PartitionClock now)
    {
        var (was, standing) = (before.Standing, now.Standing);
        if (was == standing && before.Watermark == now.Watermark && before.MovedWatermark == now.MovedWatermark)
            return;
        Leave(partition, before);
        Enter(partition, now);
        if ((was == Standing.Unheard) == (standing == Standing.Unheard))
            return;
        var topic = Of(partition.Source);
        if (standing != Standing.Unheard)
        {
            topic.Heard.Add(partition.Partition);
            _heard++;
            return;
        }

        topic.Heard.Remove(partition.Partition);
        topic.HeardBelow = Math.Min(topic.HeardBelow, partition.Partition);
        _heard--;
    }

    /// <summary>The partitions as they are now.</summary>
    internal SideTally Tally()
    {
        Invariant.Holds(
            _active.Count + _idle.Count + _excluded + _empty == _heard && _moved.Count == _idle.Count,
            "each partition that has a watermark stands in the order once");
        Invariant.Holds(_heard <= _partitions, "no more partitions have a watermark than there are");
        return new SideTally(_partitions - _heard, _excluded, _empty, Lowest(_active), Lowest(_idle), Lowest(_moved));
    }

    /// <summary>
    /// The partitions as they will be once some have changed. It looks at these, and of the others at the lowest alone.
    /// </summary>
    /// <param name="changed">Those that change, as they will be; new ones too.</param>
    /// <param name="before">Those of them that are there, as they are.</param>
    internal SideTally TallyWith(Dictionary<PartitionId, PartitionClock> changed, IReadOnlyDictionary<PartitionId, PartitionClock> before)
    {
        var tally = new SideTally(
            _partitions - _heard, _excluded, _empty, Lowest(_active, changed), Lowest(_idle, changed), Lowest(_moved, changed));
        foreach (var (partition, clock) in changed)
        {
            if (IsThere(partition))
            {
                var was = before.TryGetValue(partition, out var known) ? known.Standing : Standing.Unheard;
                tally = tally with
                {
                    Unheard = tally.Unheard - (was == Standing.Unheard ? 1 : 0),
                    Excluded = tally.Excluded - (was == Standing.Excluded ? 1 : 0),
                    Empty = tally.Empty - (was == Standing.Empty ? 1 : 0),
                };
            }

            tally = tally.With(clock);
        }

        return tally;
    }

    /// <summary>The first partition that holds a side's time where it is.</summary>
    /// <param name="side">The side.</param>
    /// <param name="watermark">The side's time.</param>
    internal PartitionId Holder(Side side, long watermark)
    {
        if (_heard < _partitions)
            return FirstUnheard(side);
        var (active, idle) = (Lowest(_active), Lowest(_idle));
        if (active == long.MaxValue && idle == long.MaxValue)
            return new PartitionId(side, 0, 0);

        // A moved watermark that is behind the side's time holds it; otherwise what waits does, at the slowest of them.
        var isMoved = Lowest(_moved) is < long.MaxValue and var moved && moved <= watermark;
        var byIdle = isMoved ? _moved.Min : _idle.Min;
        var least = idle == long.MaxValue ? long.MaxValue : Math.Max(byIdle.Watermark, Math.Min(watermark, Lowest(_moved)));
        return active <= least ? _active.Min.Partition : byIdle.Partition;
    }

    static long Lowest(SortedSet<(long Watermark, PartitionId Partition)> order) => order.Count == 0 ? long.MaxValue : order.Min.Watermark;

    static long Lowest(
        SortedSet<(long Watermark, PartitionId Partition)> order, Dictionary<PartitionId, PartitionClock> without)
    {
        if (order.Count == 0)
            return long.MaxValue;
        if (!without.ContainsKey(order.Min.Partition))
            return order.Min.Watermark;
        foreach (var (watermark, partition) in order)
        {
            if (!without.ContainsKey(partition))
                return watermark;
        }

        return long.MaxValue;
    }

    bool IsThere(PartitionId partition) =>
        _topics.TryGetValue(partition.Source, out var topic) && partition.Partition < topic.Count;

    void Leave(PartitionId partition, in PartitionClock clock)
    {
        var wasThere = true;
        switch (clock.Standing)
        {
            case Standing.Active:
                wasThere = _active.Remove((clock.Watermark, partition));
                break;
            case Standing.Idle:
                wasThere = _idle.Remove((clock.Watermark, partition)) && _moved.Remove((clock.MovedWatermark, partition));
                break;
            case Standing.Excluded:
                _excluded--;
                break;
            case Standing.Empty:
                _empty--;
                break;
        }

        Invariant.Holds(wasThere, "each partition that has a watermark stands in the order");
    }

    void Enter(PartitionId partition, in PartitionClock clock)
    {
        switch (clock.Standing)
        {
            case Standing.Active:
                _active.Add((clock.Watermark, partition));
                break;
            case Standing.Idle:
                _idle.Add((clock.Watermark, partition));
                _moved.Add((clock.MovedWatermark, partition));
                break;
            case Standing.Excluded:
                _excluded++;
                break;
            case Standing.Empty:
                _empty++;
                break;
        }
    }

    PartitionId FirstUnheard(Side side)
    {
        foreach (var (source, topic) in _topics)
        {
            while (topic.HeardBelow < topic.Count && topic.Heard.Contains(topic.HeardBelow))
                topic.HeardBelow++;
            if (topic.HeardBelow < topic.Count)
                return new PartitionId(side, source, topic.HeardBelow);
        }

        return new PartitionId(side, 0, 0);
    }

    Topic Of(int source)
    {
        if (!_topics.TryGetValue(source, out var topic))
            _topics[source] = topic = new Topic();
        return topic;
    }
}
