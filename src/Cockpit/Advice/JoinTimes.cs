using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Shards.Histograms;

namespace AkkaJoin.Cockpit.Advice;

/// <summary>What all nodes counted of the times of a join's records, added up.</summary>
sealed class JoinTimes
{
    readonly Dictionary<(Side Side, int? Partition), LogHistogram> _partitions = [];
    readonly LogHistogram _left = new();
    readonly LogHistogram _right = new();

    /// <param name="nodes">The nodes' answers.</param>
    /// <param name="lowestMs">The least right.time - left.time of a pair; pairs of another window do not count.</param>
    /// <param name="highestMs">The greatest.</param>
    internal JoinTimes(IEnumerable<TimeFigures> nodes, long lowestMs, long highestMs)
    {
        var none = new long[WindowHistogram.Steps];
        Pairs = new PairFigures(lowestMs, highestMs, none, none);
        foreach (var node in nodes)
            Add(node);
    }

    /// <summary>Since when, ms since the epoch: the node that counts for the longest.</summary>
    internal long? SinceMs { get; private set; }

    /// <summary>How far the left time is behind the clock.</summary>
    internal LogHistogram LeftLag { get; } = new();

    /// <summary>How far the right time is behind the clock.</summary>
    internal LogHistogram RightLag { get; } = new();

    /// <summary>Where in the window pairs lie.</summary>
    internal PairFigures Pairs { get; private set; }

    /// <summary>How far records of a side lie below the highest time of their partitions.</summary>
    internal LogHistogram Disorder(Side side) => side == Side.Left ? _left : _right;

    /// <summary>The partition with the most records of a side above a limit; null = there are none.</summary>
    internal int? WorstPartition(Side side, long limitMs) => _partitions
        .Where(p => p.Key.Side == side && p.Key.Partition is not null)
        .Select(p => (p.Key.Partition, Late: p.Value.CountAbove(limitMs)))
        .Where(p => p.Late > 0)
        .OrderByDescending(p => p.Late).ThenBy(p => p.Partition)
        .Select(p => p.Partition).FirstOrDefault();

    void Add(TimeFigures node)
    {
        if (node.SinceMs is { } since)
            SinceMs = Math.Min(SinceMs ?? since, since);
        foreach (var partition in node.Partitions ?? [])
        {
            var key = (partition.Side, partition.Partition);
            if (!_partitions.TryGetValue(key, out var sum))
                _partitions[key] = sum = new LogHistogram();
            if (partition.Ms?.TryAddTo(sum) == true)
                partition.Ms.TryAddTo(Disorder(partition.Side));
        }

        foreach (var pairs in node.Pairs ?? [])
        {
            if (pairs.IsReadable && pairs.LowestMs == Pairs.LowestMs && pairs.HighestMs == Pairs.HighestMs)
                Pairs += pairs;
        }

        node.LeftLag?.TryAddTo(LeftLag);
        node.RightLag?.TryAddTo(RightLag);
    }
}
