using AkkaJoin.Shards.Histograms;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>
/// What a node counted of the times of a join's records: the answer to the question <c>time-figures</c>. It comes from
/// other nodes, perhaps of another release: what cannot be read counts as not there.
/// </summary>
/// <param name="SinceMs">Since when, ms since the epoch by the node's clock; null = it reads nothing.</param>
/// <param name="Partitions">How disordered each partition is, by side.</param>
/// <param name="Pairs">Where in the window pairs lie, by window; one, but while a definition changes.</param>
/// <param name="LeftLag">
/// How far the left time of the node's key groups was behind the clock, looked at every two seconds, ms.
/// </param>
/// <param name="RightLag">The same of the right time.</param>
sealed record TimeFigures(
    long? SinceMs,
    IReadOnlyList<PartitionDisorder> Partitions,
    IReadOnlyList<PairFigures> Pairs,
    HistogramFigures LeftLag,
    HistogramFigures RightLag);

/// <summary>How far the records of a partition lie below its highest event time.</summary>
/// <param name="Side">The side.</param>
/// <param name="Partition">The partition; null = those that the node read and does not read any more.</param>
/// <param name="Ms">The distances.</param>
sealed record PartitionDisorder(Side Side, int? Partition, HistogramFigures Ms);

/// <summary>The filled buckets of a <see cref="LogHistogram"/>.</summary>
/// <param name="Layout">Which layout of buckets it is.</param>
/// <param name="MaxMs">The longest length.</param>
/// <param name="Buckets">The buckets.</param>
/// <param name="Counts">What is in each of them.</param>
sealed record HistogramFigures(int Layout, long MaxMs, IReadOnlyList<int> Buckets, IReadOnlyList<long> Counts)
{
    internal static HistogramFigures Of(LogHistogram histogram)
    {
        var filled = histogram.Filled().ToList();
        return new HistogramFigures(
            LogHistogram.Layout, histogram.Max, [.. filled.Select(f => f.Bucket)], [.. filled.Select(f => f.Count)]);
    }

    /// <summary>Adds it to a histogram. False where it is of another layout, or none at all.</summary>
    internal bool TryAddTo(LogHistogram sum)
    {
        if (Layout != LogHistogram.Layout || Buckets is null || Buckets.Count != Counts?.Count)
            return false;
        if (Buckets.Any(bucket => bucket is < 0 or >= LogHistogram.Buckets) || Counts.Any(count => count < 0))
            return false;
        foreach (var (bucket, count) in Buckets.Zip(Counts))
            sum.Add(bucket, count, MaxMs);
        return true;
    }
}

/// <summary>Where in a window pairs lie, as a <see cref="WindowHistogram"/> has it.</summary>
/// <param name="LowestMs">The least right.time - left.time of a pair.</param>
/// <param name="HighestMs">The greatest.</param>
/// <param name="Below">The steps of the lower arm.</param>
/// <param name="Above">The steps of the upper arm.</param>
sealed record PairFigures(long LowestMs, long HighestMs, IReadOnlyList<long> Below, IReadOnlyList<long> Above)
{
    internal static PairFigures Of(WindowHistogram counts) =>
        new(counts.Lowest, counts.Highest, counts.Below.ToArray(), counts.Above.ToArray());

    /// <summary>Whether the arms have the steps that this program knows.</summary>
    internal bool IsReadable => Below?.Count == WindowHistogram.Steps && Above?.Count == WindowHistogram.Steps;

    /// <summary>All pairs.</summary>
    internal long Count => Below.Sum() + Above.Sum();

    /// <summary>The sum of two of the same window.</summary>
    public static PairFigures operator +(PairFigures a, PairFigures b) => a with
    {
        Below = [.. a.Below.Zip(b.Below, (x, y) => x + y)],
        Above = [.. a.Above.Zip(b.Above, (x, y) => x + y)],
    };
}
