namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>How far records of one key lie apart in event time.</summary>
static class DistanceAnalysis
{
    const long HalfHourMs = 1_800_000;

    // Time zones lie at most 26 hours apart.
    const int HalfHoursMax = 52;
    const double ShareMin = 0.6;
    const int PairsMin = 5;

    // Bounds of distances without their sign, ms.
    static readonly long[] Bounds =
    [
        0, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000,
        TimeLimits.Max * 2,
    ];

    /// <summary>The distances; null where no key occurs on both sides.</summary>
    internal static DistanceReport? Of(SamplePairs pairs)
    {
        var (lefts, rights) = (pairs.Count(Side.Left), pairs.Count(Side.Right));
        if (lefts == 0)
            return null;
        var side = lefts <= rights ? Side.Left : Side.Right;
        var nearest = pairs.Nearest(side).ToList();
        var distances = nearest.Select(SamplePairs.Distance).Order().ToList();
        var inWindow = nearest.Count(pairs.IsInWindow);
        return new DistanceReport(
            side == Side.Left ? "left" : "right",
            distances.Count,
            inWindow,
            distances[distances.Count / 2],
            Histogram(distances),
            inWindow * 2 > distances.Count ? null : Shift(distances, pairs));
    }

    /// <summary>The least bounds of the window that 99 of 100 pairs need, in the form of the settings, ms.</summary>
    internal static (long BeforeMs, long AfterMs)? Needed(SamplePairs pairs, DistanceReport? distances)
    {
        if (distances is null || distances.Pairs < PairsMin)
            return null;
        var sorted = pairs.Nearest(distances.Of == "left" ? Side.Left : Side.Right).Select(SamplePairs.Distance).Order().ToList();
        var cut = sorted.Count / 200;
        return (RoundUp(Math.Max(0, -sorted[cut])), RoundUp(Math.Max(0, sorted[^(cut + 1)])));
    }

    /// <summary>
    /// A duration that is not below another and can be remembered: ms below a second, then seconds, minutes, hours.
    /// </summary>
    internal static long RoundUp(long ms)
    {
        long[] steps = [1, 10, 100, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000];
        // A step of at most a fifth of it.
        var step = steps.Last(s => s == 1 || s * 5 <= ms);
        return (ms + step - 1) / step * step;
    }

    static List<DistanceBucket> Histogram(List<long> distances)
    {
        var buckets = distances.GroupBy(Bucket).ToDictionary(bucket => bucket.Key, bucket => bucket.Count());
        var (first, last) = (buckets.Keys.Min(), buckets.Keys.Max());
        return
        [
            .. Enumerable.Range(first, last - first + 1)
                .Select(i => new DistanceBucket(Lower(i), Lower(i + 1), buckets.GetValueOrDefault(i))),
        ];
    }

    // 0 and above: [Bounds[i], Bounds[i + 1]); below 0 the mirror image.
    static int Bucket(long distance)
    {
        var index = Array.BinarySearch(Bounds, distance < 0 ? -(distance + 1) : distance);
        index = index < 0 ? ~index - 1 : index;
        return distance < 0 ? -index - 1 : index;
    }

    static long Lower(int bucket) =>
        Math.Sign(bucket) * Bounds[Math.Min(Math.Abs(bucket), Bounds.Length - 1)];

    // A distance by which one side's times are to be moved so that most pairs lie within the window.
    static TimeShift? Shift(List<long> distances, SamplePairs pairs)
    {
        if (distances.Count < PairsMin)
            return null;
        var best = Enumerable.Range(-HalfHoursMax, (HalfHoursMax * 2) + 1).Where(i => i != 0)
            .Select(i => (Ms: i * HalfHourMs, Share: ShareAt(i * HalfHourMs)))
            // Of two that are as good the whole hours, then the smaller.
            .OrderByDescending(s => Math.Round(s.Share, 2)).ThenBy(s => s.Ms % (2 * HalfHourMs) != 0).ThenBy(s => Math.Abs(s.Ms)).First();
        if (best.Share >= ShareMin && pairs.UpperMs - pairs.LowerMs < 2 * HalfHourMs)
            return new TimeShift(best.Ms, best.Share, true);
        var median = distances[distances.Count / 2];
        var share = (double)distances.Count(d => Math.Abs(d - median) <= Math.Max(1_000, Math.Abs(median) / 20)) / distances.Count;
        return share >= ShareMin ? new TimeShift(median, share, median % HalfHourMs == 0 && IsZone(median)) : null;

        // Clocks and queues move times a little beside the shift.
        double ShareAt(long ms)
        {
            var (lower, upper) = (Math.Min(pairs.LowerMs, -2_000), Math.Max(pairs.UpperMs, 2_000));
            return (double)distances.Count(d => d - ms >= lower && d - ms <= upper) / distances.Count;
        }

        static bool IsZone(long ms) => ms != 0 && Math.Abs(ms) <= HalfHoursMax * HalfHourMs;
    }
}
