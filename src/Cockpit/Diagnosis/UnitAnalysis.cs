using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Finds times that are read in a wrong unit or format.</summary>
static class UnitAnalysis
{
    const double ShareMin = 0.9;
    const double ShareOfRightMax = 0.1;
    static readonly long PlausibleFromMs = new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    static readonly long PlausibleToMs = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    // Seconds, milliseconds, microseconds and nanoseconds lie such factors apart.
    static readonly double[] Factors = [1_000, 1_000_000, 1_000_000_000];

    /// <summary>
    /// The format in which the times of a side make sense, while they make none in the configured one.
    /// </summary>
    /// <param name="side">The sample.</param>
    /// <returns>Null where the configured one does, or none does.</returns>
    internal static UnitFinding? Of(SampledSide side)
    {
        var readings = side.Records.Select(record => record.TimeReadings).OfType<long?[]>().ToList();
        if (readings.Count == 0)
            return null;
        var configured = side.Source.TimeFormat;
        if (Share(configured) > ShareOfRightMax)
            return null;
        var better = TimeFormats.Names.Where(named => named.Format != configured).MaxBy(named => Share(named.Format));
        if (Share(better.Format) < ShareMin)
            return null;
        var wrong = readings.Select(times => times[(int)configured]).FirstOrDefault(time => time is not null);
        var right = readings.Select(times => times[(int)better.Format]).First(IsPlausible)!.Value;
        return new UnitFinding(side, better.Format, wrong, right);

        double Share(TimeFormat format) => (double)readings.Count(times => IsPlausible(times[(int)format])) / readings.Count;
    }

    /// <summary>
    /// The factor between the times of two sides, where they differ by that of two units; null = they do not.
    /// </summary>
    internal static double? Factor(TimeRange? left, TimeRange? right)
    {
        if (left is not { Median: > 0 } || right is not { Median: > 0 })
            return null;
        var ratio = (double)Math.Max(left.Median, right.Median) / Math.Min(left.Median, right.Median);
        return Factors.Where(factor => ratio > factor * 0.8 && ratio < factor * 1.25).Select(factor => (double?)factor).FirstOrDefault();
    }

    static bool IsPlausible(long? time) => time >= PlausibleFromMs && time < PlausibleToMs;
}

/// <summary>Times of a side make sense in another format only.</summary>
/// <param name="Side">The sample.</param>
/// <param name="Better">The format.</param>
/// <param name="Wrong">A time as the configured format reads it; null = it cannot.</param>
/// <param name="Right">A time as the other one reads it.</param>
sealed record UnitFinding(SampledSide Side, TimeFormat Better, long? Wrong, long Right);
