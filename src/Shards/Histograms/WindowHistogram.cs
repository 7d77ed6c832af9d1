using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Histograms;

/// <summary>
/// Counts where within the window pairs lie: right.time - left.time. The window has two arms, which begin at its point
/// nearest to 0, where records of the same time meet. Each has a hundred steps, so that a tenth and a half of it are
/// counted to the millisecond: step i has the distances above i and up to i + 1 hundredths of the arm.
/// <para>
/// Example, before = 1 min, after = 10 min: a right 9 min 30 s behind its left is step 94 of the upper arm, one 30 s
/// before its left step 49 of the lower arm.
/// </para>
/// <para>
/// Invariant. What is added lies within the window. One thread adds, and nothing is allocated then.
/// </para>
/// </summary>
sealed class WindowHistogram
{
    /// <summary>The steps of an arm.</summary>
    internal const int Steps = 100;

    readonly long _nearest;
    readonly long[] _below = new long[Steps];
    readonly long[] _above = new long[Steps];

    /// <param name="lowest">The least distance of a pair, ms.</param>
    /// <param name="highest">The greatest, ms; less than the least where nothing can match.</param>
    internal WindowHistogram(long lowest, long highest)
    {
        (Lowest, Highest) = (lowest, highest);
        _nearest = NearestOf(lowest, highest);
    }

    /// <summary>The least distance of a pair, ms.</summary>
    internal long Lowest { get; }

    /// <summary>The greatest distance of a pair, ms.</summary>
    internal long Highest { get; }

    /// <summary>The lower arm, from the nearest point to <see cref="Lowest"/>.</summary>
    internal ReadOnlySpan<long> Below => _below;

    /// <summary>The upper arm, from the nearest point to <see cref="Highest"/>.</summary>
    internal ReadOnlySpan<long> Above => _above;

    /// <summary>The distance at which both arms begin: 0, or the end of the window that is nearest to it.</summary>
    internal static long NearestOf(long lowest, long highest) => Math.Max(lowest, Math.Min(highest, 0));

    /// <summary>Counts a pair.</summary>
    /// <param name="distance">right.time - left.time, ms.</param>
    internal void Add(long distance)
    {
        Invariant.Holds(distance >= Lowest && distance <= Highest, "a pair lies within the window");
        if (distance >= _nearest)
            _above[StepOf(distance - _nearest, Highest - _nearest)]++;
        else
            _below[StepOf(_nearest - distance, _nearest - Lowest)]++;
    }

    // A division gives a whole number where there is one; to multiply by the inverse would not.
    static int StepOf(long way, long length) => way == 0 ? 0 : (int)Math.Ceiling(way * (double)Steps / length) - 1;
}
