namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Compares the keys of two samples.</summary>
static class KeyAnalysis
{
    const int ExamplesMax = 3;

    internal static KeyReport Of(SampledSide left, SampledSide right)
    {
        var (lefts, rights) = (Keys(left), Keys(right));
        var onlyLeft = lefts.Where(key => !rights.Contains(key)).ToList();
        var onlyRight = rights.Where(key => !lefts.Contains(key)).ToList();
        return new KeyReport(
            lefts.Count,
            rights.Count,
            lefts.Count - onlyLeft.Count,
            NearMisses(onlyLeft, onlyRight),
            [.. onlyLeft.Take(ExamplesMax).Select(key => KeyText.Show(key))],
            [.. onlyRight.Take(ExamplesMax).Select(key => KeyText.Show(key))]);
    }

    static HashSet<byte[]> Keys(SampledSide side) =>
        side.Records.Select(record => record.Key).OfType<byte[]>().ToHashSet(KeyBytes.Comparer);

    // A key counts for the smallest difference alone.
    static List<NearMiss> NearMisses(List<byte[]> lefts, List<byte[]> rights)
    {
        var found = new List<NearMiss>();
        foreach (var (difference, form) in KeyForms.All)
        {
            var byForm = rights.GroupBy(form, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
            var pairs = lefts.Select(left => (Left: left, Right: byForm.GetValueOrDefault(form(left))))
                .Where(pair => pair.Right is not null).ToList();
            if (pairs.Count == 0)
                continue;
            var matched = pairs.Select(pair => form(pair.Left)).ToHashSet(StringComparer.Ordinal);
            var examples = pairs.Take(ExamplesMax).ToList();
            found.Add(new NearMiss(difference, matched.Count, [.. examples.Select(pair => Show(difference, pair.Left, pair.Right!))])
            {
                Several = difference == KeyDifference.Several
                    ? [.. examples.SelectMany(pair => KeyForms.Between(pair.Left, pair.Right!)).Distinct().Order()]
                    : [],
            });
            lefts = [.. lefts.Where(left => !matched.Contains(form(left)))];
            rights = [.. rights.Where(right => !matched.Contains(form(right)))];
        }

        return found;
    }

    static KeyPair Show(KeyDifference difference, byte[] left, byte[] right)
    {
        var withBytes = difference is KeyDifference.UnicodeForm or KeyDifference.WhiteSpace or KeyDifference.Several;
        return new KeyPair(KeyText.Show(left, withBytes), KeyText.Show(right, withBytes));
    }
}

/// <summary>Compares keys by their bytes.</summary>
sealed class KeyBytes : IEqualityComparer<byte[]>
{
    internal static readonly KeyBytes Comparer = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}
