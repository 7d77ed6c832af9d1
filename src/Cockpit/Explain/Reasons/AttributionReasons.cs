using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Reasons of an attribution: which right took a left, and what the rows show of it.</summary>
static class AttributionReasons
{
    /// <summary>What the rows, and the watermarks, say of a left and a right; null = nothing.</summary>
    internal static Answer? Of(Findings findings, InputRecord left, InputRecord right)
    {
        var shown = AttributionRows.Embedded(left, findings.Join.Left.Format != "json");
        var taker = AttributionRows.Embedded(right, findings.Join.Right.Format != "json");
        var ofRight = findings.Attributions.FirstOrDefault(row => row.RightTimeMs == right.Time && row.Right == taker);
        if (ofRight is null)
            return OfOtherRights(findings, left, right, shown) ?? NotDue(findings, right);
        if (ofRight.Lefts.Contains(shown))
            return Joined(left, right, ofRight);
        return OfOtherRights(findings, left, right, shown) ?? OfLeftsNotShown(findings, left, right, ofRight);
    }

    /// <summary>The rows in which a left is shown.</summary>
    internal static IReadOnlyList<AttributionRow> RowsWith(Findings findings, InputRecord left)
    {
        var shown = AttributionRows.Embedded(left, findings.Join.Left.Format != "json");
        return [.. findings.Attributions.Where(row => row.RightTimeMs is not null && row.Lefts.Contains(shown))];
    }

    /// <summary>The row of a right; null = none was found.</summary>
    internal static AttributionRow? RowOf(Findings findings, InputRecord right)
    {
        var taker = AttributionRows.Embedded(right, findings.Join.Right.Format != "json");
        return findings.Attributions.FirstOrDefault(row => row.RightTimeMs == right.Time && row.Right == taker);
    }

    /// <summary>Why a right has no row yet; null = it may have one by now.</summary>
    internal static Answer? NotDue(Findings findings, InputRecord right)
    {
        if (findings.Live is not { } live)
            return null;
        var due = right.Time + findings.Definition.BeforeMs;
        var needsRights = findings.Definition.Credit == Credit.First;
        if (live.Left.Ms is { } leftMs && leftMs > due && (!needsRights || live.Right.Ms > right.Time))
            return null;
        var behind = live.Left.Ms > due ? (Side.Right, right.Time, live.Right) : (Side.Left, due, live.Left);
        return Answer.Known(
            ExplainReason.Waiting,
            $"The row of {Names.WithKey(right)} is not due yet: it comes when W_{Names.Of(behind.Item1)} passes "
                + $"{TimeText.Clock(behind.Item2)}; {FateReasons.Now(behind.Item3)}.",
            Watermarks(live));
    }

    static Answer Joined(InputRecord left, InputRecord right, AttributionRow row) => Answer.Known(
        ExplainReason.Joined,
        $"{Names.Sentence(Names.WithKey(right))} took {Names.WithTime(left)}"
            + $"{(row.LeftCount > 1 ? $", and {CountText.Of(row.LeftCount - 1, "other left")}" : "")}: {FateReasons.Row(row.Row)}.",
        new Evidence(Names.Position(row.Row), $"shows {row.Lefts.Count} of {row.LeftCount} lefts"));

    static Answer? OfOtherRights(Findings findings, InputRecord left, InputRecord right, string shown)
    {
        if (findings.Definition.Credit != Credit.First)
            return null;
        var other = findings.Attributions.FirstOrDefault(
            row => row.RightTimeMs is { } time && row.Lefts.Contains(shown)
                && (time != right.Time || row.Right != AttributionRows.Embedded(right, findings.Join.Right.Format != "json")));
        return other is null
            ? null
            : Answer.Known(
                ExplainReason.CreditedElsewhere,
                $"The right at {TimeText.Clock(other.RightTimeMs!.Value)} took {Names.WithKey(left)}; with credit = first a left "
                    + $"goes to one right, and {Names.WithTime(right)} is another: {FateReasons.Row(other.Row)}.",
                new Evidence(Names.Position(other.Row), $"shows {Names.Of(left)}"));
    }

    // The right has its row, and the left is not among those that it shows.
    static Answer? OfLeftsNotShown(Findings findings, InputRecord left, InputRecord right, AttributionRow row)
    {
        var (shown, max) = (row.Lefts.Count, findings.Definition.MaxLefts);
        var evidence = new Evidence(Names.Position(row.Row), $"shows {shown} of {row.LeftCount} lefts");
        if (row.LeftCount <= shown)
            return null;
        return shown == max
            ? Answer.Inferred(
                ExplainReason.BeyondMaxLefts,
                $"{Names.Sentence(Names.WithKey(right))} took {row.LeftCount} lefts, and its row shows the first {shown}: "
                    + $"max-lefts = {max}. {Names.Sentence(Names.WithTime(left))} is not among those: {FateReasons.Row(row.Row)}.",
                evidence)
            : Answer.Known(
                ExplainReason.EarlierDefinition,
                $"{Names.Sentence(Names.WithKey(right))} took {row.LeftCount} lefts, and its row shows the first {shown}. It was "
                    + $"written when max-lefts was {shown}; now it is {max}: {FateReasons.Row(row.Row)}.",
                evidence);
    }

    static Evidence Watermarks(LiveKey live) =>
        new($"key group {live.Group}", $"W_left: {FateReasons.Now(live.Left)}; W_right: {FateReasons.Now(live.Right)}");
}
