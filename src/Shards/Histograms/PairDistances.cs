namespace AkkaJoin.Shards.Histograms;

/// <summary>
/// The distances of the pairs that a key group found on this node, from one incarnation to the next. Another window
/// begins anew.
/// </summary>
sealed class PairDistances
{
    volatile WindowHistogram? _counts;

    /// <summary>The counts; null = none yet.</summary>
    internal WindowHistogram? Counts => _counts;

    /// <summary>The counts of a window.</summary>
    /// <param name="lowest">The least distance of a pair, ms.</param>
    /// <param name="highest">The greatest, ms.</param>
    internal WindowHistogram Of(long lowest, long highest)
    {
        if (_counts is { } known && known.Lowest == lowest && known.Highest == highest)
            return known;
        return _counts = new WindowHistogram(lowest, highest);
    }
}
