using System.Numerics;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Histograms;

/// <summary>
/// Counts lengths of time, ms, in buckets that grow with them: eight to each power of two, so a bucket is at most an
/// eighth as wide as its lower bound. Lengths below 16 ms have a bucket each; negative ones count as 0, and those above
/// 139 years as that. One thread adds, and nothing is allocated then. Others may read meanwhile: numbers that are not
/// of the same moment do no harm.
/// <para>
/// Example: 1,000 ms falls into [960, 1024).
/// </para>
/// <para>
/// Invariants. The buckets add up to what was added. What <see cref="CountAbove"/> says lies between the exact counts
/// above the two bounds of the limit's bucket.
/// </para>
/// </summary>
sealed class LogHistogram
{
    const int SubBits = 3, SubBuckets = 1 << SubBits, HighestPower = 41;

    /// <summary>How many buckets there are.</summary>
    internal const int Buckets = (HighestPower - SubBits + 2) * SubBuckets;

    /// <summary>Names this layout of buckets; another layout has another number.</summary>
    internal const int Layout = 1;

    /// <summary>The longest length that is told apart, ms.</summary>
    internal const long ValueMax = (1L << (HighestPower + 1)) - 1;

    readonly long[] _counts = new long[Buckets];

    /// <summary>The longest length that was added, ms.</summary>
    internal long Max { get; private set; }

    /// <summary>How many lengths were added.</summary>
    internal long Count => _counts.Sum();

    /// <summary>Adds a length, ms.</summary>
    internal void Add(long length)
    {
        if (length > Max)
            Max = length = Math.Min(length, ValueMax);
        _counts[BucketOf(length)]++;
    }

    /// <summary>Adds what another one has.</summary>
    internal void Add(LogHistogram other)
    {
        for (var i = 0; i < Buckets; i++)
            _counts[i] += other._counts[i];
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="count">How many fell into it.</param>
    /// <param name="max">The longest length of all.</param>
    internal void Add(int bucket, long count, long max)
    {
        _counts[bucket] += count;
        Max = Math.Max(Max, Math.Min(max, ValueMax));
    }

    /// <summary>The buckets that have something: index and count.</summary>
    internal IEnumerable<(int Bucket, long Count)> Filled()
    {
        for (var i = 0; i < Buckets; i++)
        {
            if (_counts[i] is > 0 and var count)
                yield return (i, count);
        }
    }

    /// <summary>
    /// How many lengths are above a limit, ms. Of the bucket that the limit falls into as many as if its lengths were
    /// spread evenly, rounded up: 0 is said only where there is none.
    /// </summary>
    internal long CountAbove(long limit)
    {
        if (limit >= Max)
            return 0;
        if (limit < 0)
            return Count;
        var bucket = BucketOf(limit);
        var above = 0L;
        for (var i = bucket + 1; i < Buckets; i++)
            above += _counts[i];
        var (lower, upper) = (LowerOf(bucket), LowerOf(bucket + 1));
        var part = (long)Math.Ceiling(_counts[bucket] * (double)(upper - 1 - limit) / (upper - lower));
        Invariant.Holds(part >= 0 && part <= _counts[bucket], "no more of a bucket are above a limit than are in it");
        return above + part;
    }

    /// <summary>A length that at least this share of the lengths do not exceed, ms; 0 where there are none.</summary>
    internal long Quantile(double share)
    {
        var rest = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < Buckets; i++)
        {
            rest -= _counts[i];
            if (rest <= 0)
                return Math.Min(LowerOf(i + 1) - 1, Max);
        }

        return Max;
    }

    /// <summary>The bucket of a length.</summary>
    internal static int BucketOf(long length)
    {
        if (length < SubBuckets)
            return (int)Math.Max(length, 0);
        var power = BitOperations.Log2((ulong)length);
        return ((power - SubBits + 1) << SubBits) | ((int)(length >> (power - SubBits)) & (SubBuckets - 1));
    }

    /// <summary>The shortest length of a bucket, ms.</summary>
    internal static long LowerOf(int bucket) => bucket < SubBuckets
        ? bucket
        : (long)(SubBuckets | (bucket & (SubBuckets - 1))) << ((bucket >> SubBits) - 1);
}
