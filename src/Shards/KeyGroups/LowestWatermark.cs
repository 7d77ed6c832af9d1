using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The lowest watermark of one side's partitions and who holds it, kept up to date in the logarithm of their number: a topic may have very many, and
/// each event asks. A partition without a watermark counts as minus infinity.
/// </summary>
sealed class LowestWatermark
{
    sealed class Topic
    {
        internal int Count;

        // Those with a watermark, and a number below which all have one.
        internal readonly HashSet<int> Heard = [];
        internal int HeardBelow;
    }

    readonly SortedSet<(long Watermark, PartitionId Partition)> _order = [];
    readonly SortedDictionary<int, Topic> _topics = [];
    int _partitions;
    int _heard;

    /// <summary>Whether there is a partition.</summary>
    internal bool IsEmpty => _partitions == 0;

    /// <summary>Whether each partition has a watermark.</summary>
    internal bool IsKnown => _partitions > 0 && _heard == _partitions;

    /// <summary>Partitions that have none.</summary>
    internal int Unheard => _partitions - _heard;

    /// <summary>The partitions with a watermark, lowest first.</summary>
    internal IEnumerable<(long Watermark, PartitionId Partition)> Ascending => _order;

    /// <summary>How many partitions a topic has. Never fewer than before.</summary>
    internal void Grow(int source, int count)
    {
        var topic = Of(source);
        _partitions += count - topic.Count;
        topic.Count = count;
    }

    /// <summary>A partition that counts has another watermark.</summary>
    internal void Change(PartitionId partition, long before, long now)
    {
        if (now == before || now <= SideWatermarks.None)
            return;
        if (before > SideWatermarks.None)
            _order.Remove((before, partition));
        else if (Of(partition.Source).Heard.Add(partition.Partition))
            _heard++;
        _order.Add((now, partition));
    }

    /// <summary>The lowest watermark, and the first partition that has it.</summary>
    internal (long Watermark, PartitionId Holder) Value(Definition.Side side)
    {
        if (_partitions == 0)
            return (SideWatermarks.None, new PartitionId(side, 0, 0));
        return IsKnown ? _order.Min : (SideWatermarks.None, FirstUnheard(side));
    }

    PartitionId FirstUnheard(Definition.Side side)
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
