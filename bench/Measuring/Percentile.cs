namespace AkkaJoin.Bench.Measuring;

/// <summary>Percentiles of many values.</summary>
static class Percentile
{
    /// <summary>The least value that a share of all do not exceed.</summary>
    /// <param name="ascending">The values, at least one.</param>
    /// <param name="share">0 to 1.</param>
    internal static double Of(IReadOnlyList<long> ascending, double share) =>
        ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Count) - 1, 0, ascending.Count - 1)];
}
