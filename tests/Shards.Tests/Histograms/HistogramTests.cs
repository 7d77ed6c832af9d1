using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Histograms;

/// <summary>What histograms say beside exact counting.</summary>
public sealed class HistogramTests
{
    [Fact]
    public void Buckets_follow_each_other_without_a_gap()
    {
        for (var bucket = 0; bucket < LogHistogram.Buckets; bucket++)
        {
            var (lower, next) = (LogHistogram.LowerOf(bucket), LogHistogram.LowerOf(bucket + 1));
            Assert.True(lower < next && (next - lower == 1 || (next - lower) * 8 <= lower), $"[{lower}, {next})");
            Assert.Equal(bucket, LogHistogram.BucketOf(lower));
            Assert.Equal(bucket, LogHistogram.BucketOf(next - 1));
        }

        Assert.Equal(LogHistogram.ValueMax, LogHistogram.LowerOf(LogHistogram.Buckets) - 1);
    }

    [Fact]
    public void Of_each_limit_is_said_what_exact_counting_says_within_the_limit_s_bucket() => Seeds.Check(300, (random, _) =>
    {
        var histogram = new LogHistogram();
        var other = new LogHistogram();
        var lengths = Enumerable.Range(0, random.Next(1, 2_000)).Select(_ => Length(random)).ToList();
        foreach (var length in lengths)
            (random.Next(2) == 0 ? histogram : other).Add(length);
        histogram.Add(other);
        var exact = lengths.Select(length => Math.Clamp(length, 0, LogHistogram.ValueMax)).Order().ToList();
        Assert.Equal((exact.Count, exact[^1]), (histogram.Count, histogram.Max));
        foreach (var limit in exact.Take(20).Append(Length(random)).Append(1_000).Append(3_600_000).Append(-1))
        {
            var bucket = LogHistogram.BucketOf(Math.Min(limit, LogHistogram.ValueMax));
            var (lower, upper) = (LogHistogram.LowerOf(bucket), LogHistogram.LowerOf(bucket + 1));
            var most = limit < 0 ? exact.Count : exact.Count(length => length >= lower);
            Assert.InRange(histogram.CountAbove(limit), exact.Count(length => length >= upper), most);
        }

        var share = random.NextDouble();
        var quantile = exact[Math.Max(0, (int)Math.Ceiling(exact.Count * share) - 1)];
        Assert.InRange(histogram.Quantile(share), quantile, quantile + (quantile / 8));
    });

    [Fact]
    public void The_longest_length_is_exact_so_none_is_above_it() => Seeds.Check(100, (random, _) =>
    {
        var histogram = new LogHistogram();
        for (var i = 0; i < 50; i++)
            histogram.Add(random.NextInt64(1_000_000));
        Assert.Equal(0, histogram.CountAbove(histogram.Max));
        Assert.NotEqual(0, histogram.CountAbove(histogram.Max - 1));
    });

    [Fact]
    public void Pairs_in_the_last_tenth_and_the_inner_half_of_each_arm_are_counted_to_the_millisecond() => Seeds.Check(300, (random, _) =>
    {
        var (lowest, highest) = Window(random);
        var counts = new WindowHistogram(lowest, highest);
        var nearest = WindowHistogram.NearestOf(lowest, highest);
        var distances = Enumerable.Range(0, 500).Select(_ => random.NextInt64(lowest, highest + 1))
            .Concat([lowest, highest, nearest, nearest + ((highest - nearest) / 2), nearest - ((nearest - lowest) / 2)])
            .Concat([nearest + ((highest - nearest) / 10 * 9), nearest - ((nearest - lowest) / 10 * 9)]).ToList();
        foreach (var distance in distances)
            counts.Add(distance);
        Assert.Equal(distances.Count, Sum(counts.Below) + Sum(counts.Above));
        Assert.Equal(Count(d => d - nearest, highest - nearest, 9, 10), Sum(counts.Above[90..]));
        Assert.Equal(Count(d => nearest - d, nearest - lowest, 9, 10), Sum(counts.Below[90..]));
        Assert.Equal(Count(d => d - nearest, highest - nearest, 1, 2), Sum(counts.Above[50..]));
        Assert.Equal(Count(d => nearest - d, nearest - lowest, 1, 2), Sum(counts.Below[50..]));

        // Further from the nearest point than a part of the arm.
        long Count(Func<long, long> way, long length, int part, int of) => distances.Count(d => way(d) * of > length * part);
    });

    [Fact]
    public void Another_window_begins_anew_and_the_same_goes_on()
    {
        var distances = new PairDistances();
        Assert.Null(distances.Counts);
        var counts = distances.Of(-10, 20);
        counts.Add(5);
        Assert.Same(counts, distances.Of(-10, 20));
        Assert.NotSame(counts, distances.Of(-10, 30));
        Assert.Equal(0, Sum(distances.Counts!.Above));
    }

    static long Sum(ReadOnlySpan<long> steps)
    {
        var sum = 0L;
        foreach (var step in steps)
            sum += step;
        return sum;
    }

    // Of any order of magnitude; some are negative, and some beyond what is told apart.
    static long Length(Random random) => random.Next(20) switch
    {
        0 => -random.NextInt64(100),
        1 => long.MaxValue,
        _ => random.NextInt64(1L << random.Next(45)),
    };

    static (long Lowest, long Highest) Window(Random random)
    {
        var span = random.NextInt64(1L << random.Next(32));
        return random.Next(3) switch
        {
            0 => (-span, random.NextInt64(1_000_000)),
            1 => (span, span + random.NextInt64(1_000_000)),
            _ => (-span - random.NextInt64(1_000_000), -span),
        };
    }
}
