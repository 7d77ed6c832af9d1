namespace AkkaJoin.Shards;

/// <summary>
/// The range of event times and bounds: 53 bits and a sign, what JSON carries exactly. Sums of a few of them cannot
/// overflow, so no comparison of times needs a check.
/// </summary>
public static class TimeLimits
{
    /// <summary>The lowest event time, ms since the epoch.</summary>
    public const long Min = -Max;

    /// <summary>The highest event time, ms since the epoch. As a watermark it means the end of the input.</summary>
    public const long Max = 9_007_199_254_740_991;
}
