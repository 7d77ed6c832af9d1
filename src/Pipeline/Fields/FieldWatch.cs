namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Decides which fields are warned of while a join runs: one that is missing in more than half of the records since the
/// last look. It is warned of once, and again where it was good in between. Only the last records count: a month of
/// good ones must not hide what is wrong today.
/// </summary>
sealed class FieldWatch(FieldWarnings warnings)
{
    const long RecordsMin = 10;
    const long RecordsOfFilteredMin = 1_000;

    // A field of rows may be rare, so it is warned of only where no row has it.
    const long SelectedMin = 100;
    const double Share = 0.5;
    const double GoodShare = 0.25;
    readonly Dictionary<Side, SideCounts> _before = new() { [Side.Left] = SideCounts.None, [Side.Right] = SideCounts.None };
    readonly HashSet<string> _told = [];

    /// <summary>The warnings that are due now.</summary>
    internal IReadOnlyList<FieldWarning> Look(InputCounts now)
    {
        var found = new List<FieldWarning>();
        LookAt(Side.Left, now.Left, found);
        LookAt(Side.Right, now.Right, found);
        found.AddRange(FieldWarnings.OfSelect(now, SelectedMin).Where(warning => _told.Add(warning.Of)));
        return found;
    }

    void LookAt(Side side, SideCounts now, List<FieldWarning> found)
    {
        var since = now.Since(_before[side]);
        if (since.Read - since.Filtered >= RecordsMin || since.Read >= RecordsOfFilteredMin)
        {
            // Fewer records count together with those of the next look.
            _before[side] = now;
            var own = side == Side.Left ? "left." : "right.";
            var stays = warnings.Of(side, since, GoodShare).Select(warning => warning.Of).ToHashSet();
            _told.RemoveWhere(of => of.StartsWith(own, StringComparison.Ordinal) && !stays.Contains(of));
        }

        found.AddRange(warnings.Of(side, since, Share, RecordsMin).Where(warning => _told.Add(warning.Of)));
    }
}
