using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// The records of the keys that occur on both sides of a sample, and which of them lie within the window.
/// </summary>
sealed class SamplePairs
{
    // A key that stands in most records would give the square of their number.
    const int PairsOfLeftMax = 200;
    readonly List<(SampleRecord[] Left, SampleRecord[] Right)> _keys;

    internal SamplePairs(JoinSettings join, SampledSide left, SampledSide right)
    {
        LowerMs = -join.BeforeMs + (join.LowerInclusive ? 0 : 1);
        UpperMs = join.AfterMs - (join.UpperInclusive ? 0 : 1);
        var rights = ByKey(right);
        _keys = [.. ByKey(left).Where(key => rights.ContainsKey(key.Key)).Select(key => (key.Value, rights[key.Key]))];
    }

    /// <summary>The lowest right time less left time within the window, ms.</summary>
    internal long LowerMs { get; }

    /// <summary>The highest, ms.</summary>
    internal long UpperMs { get; }

    /// <summary>How many records of a side have a key that occurs on the other.</summary>
    internal int Count(Side side) => _keys.Sum(key => Of(key, side).Length);

    /// <summary>
    /// Each record of a side with the one of the other side that lies within the window, or the least outside of it.
    /// </summary>
    internal IEnumerable<(SampleRecord Left, SampleRecord Right)> Nearest(Side side)
    {
        foreach (var key in _keys)
        {
            foreach (var record in Of(key, side))
            {
                var found = side == Side.Left
                    ? Nearest(key.Right, record.Time!.Value, LowerMs, UpperMs)
                    : Nearest(key.Left, record.Time!.Value, -UpperMs, -LowerMs);
                yield return side == Side.Left ? (record, found) : (found, record);
            }
        }
    }

    /// <summary>Pairs within the window; of a left record with very many of them the first.</summary>
    internal IEnumerable<(SampleRecord Left, SampleRecord Right)> InWindow()
    {
        foreach (var (lefts, rights) in _keys)
        {
            foreach (var left in lefts)
            {
                var first = FirstAtLeast(rights, left.Time!.Value + LowerMs);
                for (var i = first; i < rights.Length && i < first + PairsOfLeftMax && IsInWindow((left, rights[i])); i++)
                    yield return (left, rights[i]);
            }
        }
    }

    /// <summary>Whether a pair lies within the window.</summary>
    internal bool IsInWindow((SampleRecord Left, SampleRecord Right) pair) => Distance(pair) >= LowerMs && Distance(pair) <= UpperMs;

    /// <summary>Right time less left time, ms.</summary>
    internal static long Distance((SampleRecord Left, SampleRecord Right) pair) => pair.Right.Time!.Value - pair.Left.Time!.Value;

    static SampleRecord[] Of((SampleRecord[] Left, SampleRecord[] Right) key, Side side) => side == Side.Left ? key.Left : key.Right;

    static Dictionary<byte[], SampleRecord[]> ByKey(SampledSide side) => side.Records.Where(record => record.Key is not null)
        .GroupBy(record => record.Key!, KeyBytes.Comparer)
        .ToDictionary(key => key.Key, key => key.OrderBy(record => record.Time).ToArray(), KeyBytes.Comparer);

    // Within the window the nearest to the time, outside the nearest to the window.
    static SampleRecord Nearest(SampleRecord[] others, long time, long lower, long upper)
    {
        var wanted = time + Math.Clamp(0, lower, Math.Max(lower, upper));
        var above = FirstAtLeast(others, wanted);
        if (above == 0)
            return others[0];
        if (above == others.Length)
            return others[^1];
        return Gap(others[above]).CompareTo(Gap(others[above - 1])) <= 0 ? others[above] : others[above - 1];

        (long Outside, long Far) Gap(SampleRecord other)
        {
            var distance = other.Time!.Value - time;
            return (Math.Max(0, Math.Max(lower - distance, distance - upper)), Math.Abs(distance));
        }
    }

    static int FirstAtLeast(SampleRecord[] records, long time)
    {
        var (low, high) = (0, records.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (records[middle].Time!.Value < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
