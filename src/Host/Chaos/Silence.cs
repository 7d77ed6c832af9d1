namespace AkkaJoin.Host.Chaos;

/// <summary>The longest time for which a fault silenced a key group: from a row to the next one.</summary>
/// <param name="KeyGroup">
/// The group; null where no group had rows in the second before the fault, so that nothing can be said.
/// </param>
/// <param name="LastMs">Its last row before.</param>
/// <param name="FirstMs">Its first row after.</param>
sealed record Silence(int? KeyGroup, long LastMs, long FirstMs)
{
    /// <summary>
    /// What was on its way to the broker when a node died still arrives, and a node that was told to stop goes on until
    /// it has drained: the silence begins up to this long after the fault, ms.
    /// </summary>
    const int BeginsWithinMs = 3_000;

    // A group is heard from where it had a row within this long before the fault, ms.
    const int HeardWithinMs = 1_000;

    /// <summary>How long it lasted, ms.</summary>
    internal double Ms => FirstMs - LastMs;

    /// <summary>Finds the longest silence that began about a moment.</summary>
    /// <param name="times">When the rows of each group came, ascending.</param>
    /// <param name="at">The moment of the fault, on the same clock.</param>
    /// <param name="final">
    /// Whether no further rows will come: a group that was not heard from since does not count then.
    /// </param>
    /// <returns>Null while a group has to be waited for.</returns>
    internal static Silence? Find(IReadOnlyDictionary<int, List<int>> times, int at, bool final)
    {
        Silence longest = new(null, 0, 0);
        foreach (var (group, rows) in times)
        {
            var last = LastUpTo(rows, at);
            if (last < 0 || rows[last] < at - HeardWithinMs)
                continue;
            if (!final && rows[^1] <= at + BeginsWithinMs)
                return null;
            for (var i = last; i + 1 < rows.Count && rows[i] <= at + BeginsWithinMs; i++)
            {
                if (longest.KeyGroup is null || rows[i + 1] - rows[i] > longest.Ms)
                    longest = new Silence(group, rows[i], rows[i + 1]);
            }
        }

        return longest;
    }

    static int LastUpTo(List<int> rows, int at)
    {
        var index = rows.BinarySearch(at);
        if (index < 0)
            return ~index - 1;
        while (index + 1 < rows.Count && rows[index + 1] == at)
            index++;
        return index;
    }
}
