using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Decides of what is warned while a join runs: of what is missing in more than half of the records since the last look, once, and again when it was
/// good in between. What was good for a month must not hide what is wrong today.
/// </summary>
sealed class FieldWatch(FieldWarnings warnings)
{
    const long RecordsMin = 10;
    const long RecordsOfFilteredMin = 1_000;

    // Fields of rows may be rare, and are warned of where they are in none.
    const long SelectedMin = 100;
    const double Share = 0.5;
    const double GoodShare = 0.25;
    readonly Dictionary<Side, SideCounts> _before = new() { [Side.Left] = SideCounts.None, [Side.Right] = SideCounts.None };
    readonly HashSet<string> _told = [];

    /// <summary>What is to be said now.</summary>
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
            // Else they are judged together with those of the next look.
            _before[side] = now;
            var own = side == Side.Left ? "left." : "right.";
            var stays = warnings.Of(side, since, GoodShare).Select(warning => warning.Of).ToHashSet();
            _told.RemoveWhere(of => of.StartsWith(own, StringComparison.Ordinal) && !stays.Contains(of));
        }

        found.AddRange(warnings.Of(side, since, Share, RecordsMin).Where(warning => _told.Add(warning.Of)));
    }
}
