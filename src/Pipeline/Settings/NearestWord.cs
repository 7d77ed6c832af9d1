namespace AkkaJoin.Pipeline.Settings;

/// <summary>Finds what a mistyped word was meant to be.</summary>
static class NearestWord
{
    // A longer word is looked up for nothing: it could make the search slow.
    const int WordCharacters = 100;

    /// <summary>The candidate that is nearest to <paramref name="word"/>, or null where none is near enough.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length > WordCharacters) return null;
        var nearest = candidates
            .Select(candidate => (Word: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(found => found.Distance <= Tolerated(word, found.Word))
            .OrderBy(found => found.Distance)
            .ThenBy(found => found.Word, StringComparer.Ordinal)
            .ToList();
        return nearest.Count > 0 ? nearest[0].Word : null;
    }

    /// <summary>
    /// A third of the longer word, so that short words are not taken for each other; and all that was left off or put
    /// on at an end.
    /// </summary>
    static int Tolerated(string word, string candidate)
    {
        var longer = Math.Max(word.Length, candidate.Length);
        var sharesEnd = word.Length >= 4 && candidate.Length >= 4
            && (candidate.Contains(word, StringComparison.OrdinalIgnoreCase)
                || word.Contains(candidate, StringComparison.OrdinalIgnoreCase));
        return sharesEnd ? longer : Math.Max(1, longer / 3);
    }

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    /// </summary>
    static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
