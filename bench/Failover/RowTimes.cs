namespace AkkaJoin.Bench.Failover;

/// <summary>What the append times of the rows say of an outage. All times are ms since the kill.</summary>
/// <param name="rows">The times of all rows since the kill, ascending.</param>
/// <param name="perSecond">Rows a second before it.</param>
sealed class RowTimes(IReadOnlyList<long> rows, double perSecond)
{
    // Long enough, and the shares low enough, that chance does not decide: it is about a thousand rows.
    const int WindowMs = 3_000, StepMs = 50;
    const double FullShare = 0.9, CaughtUpShare = 0.95;

    /// <summary>The beginning of the first seconds with 90 % of the rate before; null = not yet.</summary>
    /// <param name="fromMs">Before this there were key groups without rows.</param>
    internal long? FullRate(long fromMs) => First(fromMs, at => at + WindowMs, at => Until(at + WindowMs) - Until(at) >= FullShare * perSecond * WindowMs / 1_000);

    /// <summary>When 95 % of the rows had come that would have without the kill; null = not yet.</summary>
    /// <param name="fromMs">Before this there were key groups without rows.</param>
    internal long? CaughtUp(long fromMs) => First(fromMs, at => at, at => Until(at) >= CaughtUpShare * perSecond * at / 1_000);

    long? First(long fromMs, Func<long, long> needs, Func<long, bool> isSo)
    {
        for (var at = fromMs; rows.Count > 0 && needs(at) <= rows[^1]; at += StepMs)
        {
            if (isSo(at))
                return at;
        }

        return null;
    }

    int Until(long ms)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle] < ms)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
