using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>What happened to one record, asked without a partner.</summary>
static class OneRecordReasons
{
    /// <summary>
    /// That it came out alone and a partner came late, which is named where its row was found; null = it did not.
    /// </summary>
    internal static Answer? OfSupersededRow(Findings findings, RecordFindings fate)
    {
        if (FateReasons.OfSupersededRow(fate) is not { } answer || findings.Candidates is not { } candidates)
            return FateReasons.OfSupersededRow(fate);
        var partner = candidates.OfKey.Zip(candidates.Rows, (Record, Rows) => (Record, Rows))
            .FirstOrDefault(pair => pair.Rows.Any(row => Names.Position(row) == Names.Position(fate.AloneRows[0].SupersededBy!))).Record;
        return partner is null ? answer : answer with { Text = $"{answer.Text} It is the row with {Names.WithTime(partner)}." };
    }

    /// <summary>The rows that it has with partners; null = none was found.</summary>
    internal static Answer? OfRows(Findings findings, RecordFindings fate)
    {
        var record = fate.Record;
        if (findings.Definition.Type == JoinType.Attribution)
            return OfAttributionRows(findings, record);
        if (findings.Candidates is not { } candidates)
            return null;
        var joined = candidates.OfKey.Zip(candidates.Rows, (Record, Rows) => (Record, Rows)).Where(pair => pair.Rows.Count > 0).ToList();
        if (joined.Count == 0)
            return null;
        var (first, rows) = joined[0];
        var others = joined.Count == 1 ? "" : $", and with {CountText.Of(joined.Count - 1, "other")}";
        return Answer.Known(
            ExplainReason.Joined,
            $"{Names.Sentence(Names.WithKey(record))} joined {Names.WithTime(first)}{others}: {FateReasons.Row(rows[0])}.",
            [.. joined.Take(5).SelectMany(pair => ReasonFinder.Rows(pair.Rows))]);
    }

    /// <summary>Whether it waits for a partner, or for its row; null = it does not, as far as can be told.</summary>
    internal static Answer? OfWaiting(Findings findings, RecordFindings fate)
    {
        var record = fate.Record;
        if (findings.Live is not { } live || fate.Late is not null)
            return null;
        if (findings.Definition.Type == JoinType.Attribution && record.Side == Side.Right)
            return AttributionReasons.NotDue(findings, record);
        var (side, above) = FateReasons.ClosesAbove(findings.Definition, record);
        var entry = live.Entries?.FirstOrDefault(e => record.IsAt(e.Side, e.Partition, e.Offset));
        if (entry is { State: LiveEntryState.AwaitsRight })
        {
            return Answer.Known(
                ExplainReason.Waiting,
                $"{Names.Sentence(Names.WithKey(record))} waits for a right that is buffered and can take it; that right is not due yet.",
                new Evidence($"key group {live.Group}", "its window is closed, and a right can take it"));
        }

        var mayWait = entry is null ? live.Entries is null : entry.State == LiveEntryState.Waiting;
        if (!mayWait || live.Of(side).Ms > above)
            return null;
        var nearest = Nearest(findings, record);
        return Answer.Known(
            ExplainReason.Waiting,
            $"{Names.Sentence(Names.WithKey(record))} waits for a partner until W_{Names.Of(side)} passes {TimeText.Clock(above)}; "
                + $"{FateReasons.Now(live.Of(side))}.{(nearest is null ? "" : " " + nearest.Text)}",
            new Evidence($"key group {live.Group}", $"W_{Names.Of(side)}: {FateReasons.Now(live.Of(side))}"));
    }

    /// <summary>Why a record that is not late came out alone, or not at all; null = it cannot be told.</summary>
    internal static Answer? OfClosing(Findings findings, RecordFindings fate)
    {
        var nearest = Nearest(findings, fate.Record);
        var answer = fate.AloneRows is [var row, ..]
            ? CameOutAlone(findings, fate.Record, row, nearest)
            : OfClosedWindow(findings, fate.Record, nearest);
        return answer is not null && Repairable(findings, fate.Record) is { } still
            ? answer with { Text = $"{answer.Text.TrimEnd()} {still}" }
            : answer;
    }

    static Answer? OfClosedWindow(Findings findings, InputRecord record, Answer? nearest)
    {
        var (side, above) = FateReasons.ClosesAbove(findings.Definition, record);
        if (findings.Definition.Preserves(record.Side) || findings.Live is not { } live || !(live.Of(side).Ms > above))
            return null;

        // It was applied, it is not late, and its window is closed. Where a candidate could have joined, nothing tells
        // why it did not.
        return nearest is null && findings.Candidates?.OfKey.Count > 0
            ? null
            : new Answer(
                ExplainReason.NoRowByType,
                findings.Candidates?.Search.IsWhole == true ? Certainty.Known : Certainty.Inferred,
                $"{Names.Sentence(Names.WithKey(record))} found no partner before its window closed at W_{Names.Of(side)} = "
                    + $"{TimeText.Clock(above)}; a join of the type {SettingWords.Of(findings.Definition.Type)} gives no row for a "
                    + $"{Names.Of(record.Side)} without a partner. {nearest?.Text ?? NoneOfKey(findings, record)}",
                [.. nearest?.Evidence ?? []]);
    }

    // That a partner may still come late; null = it may not, or nobody tells.
    static string? Repairable(Findings findings, InputRecord record)
    {
        if (findings.Live?.Entries is not { } entries
            || !entries.Any(e => record.IsAt(e.Side, e.Partition, e.Offset) && e.State == LiveEntryState.Repairable))
            return null;
        const string still = "a partner that comes late can still join it (late.policy = repair).";

        // A right of an attribution waits for both sides.
        if (findings.Definition.Type == JoinType.Attribution && record.Side == Side.Right)
            return Names.Sentence(still);
        var (side, above) = FateReasons.ClosesAbove(findings.Definition, record);
        return $"Until W_{Names.Of(side)} passes {TimeText.Clock(above + findings.Definition.RepairForMs)} {still}";
    }

    static Answer CameOutAlone(Findings findings, InputRecord record, FoundRow row, Answer? nearest)
    {
        var text = $"{Names.Sentence(Names.WithKey(record))} came out without a partner: {FateReasons.Row(row)}.";
        var evidence = new Evidence(Names.Position(row), "the unmatched row of " + Names.Of(record));
        if (nearest is not null)
            return Answer.Known(nearest.Reason, $"{text} {nearest.Text}", [evidence, .. nearest.Evidence]);
        return findings.Candidates is { OfKey.Count: 0 }
            ? Answer.Known(ExplainReason.KeysDiffer, $"{text} {NoneOfKey(findings, record)}", evidence)
            : Answer.Known(
                ExplainReason.Closed, $"{text} Its window was closed before a record came that could have joined it.", evidence);
    }

    // Why the record of the same key that is nearest in time could not join; null = there is none, or it could.
    static Answer? Nearest(Findings findings, InputRecord record)
    {
        if (findings.Candidates is not { OfKey.Count: > 0 } candidates)
            return null;
        var answers = candidates.OfKey.OrderBy(other => Math.Abs(other.Time - record.Time)).Select(other => record.Side == Side.Left
            ? PairReasons.Of(findings.Join, findings.Definition, record, other)
            : PairReasons.Of(findings.Join, findings.Definition, other, record)).ToList();
        if (answers.Exists(answer => answer is null))
            return null;

        // One that fails where alone is nearer to a match than one that is outside the window.
        return answers.Find(answer => answer!.Reason == ExplainReason.WhereFalse) ?? answers[0];
    }

    static string NoneOfKey(Findings findings, InputRecord record)
    {
        if (findings.Candidates is not { } candidates)
            return "";
        var other = Names.Of(Names.Other(record.Side));
        var text = $"No {other} record with its key was found: {candidates.Search.Describe()}.";
        if (candidates.NearMiss is not { Key: { } key } near)
            return text;
        var hint = record.Side == Side.Left ? KeyHints.Of(record.Key!, key) : KeyHints.Of(key, record.Key!);
        return $"{text} {Names.Sentence(Names.Of(near))} has nearly the same key, {Names.Key(key)}{(hint is null ? "" : ": " + hint)}.";
    }

    static Answer? OfAttributionRows(Findings findings, InputRecord record)
    {
        if (record.Side == Side.Left)
        {
            var rows = AttributionReasons.RowsWith(findings, record);
            return rows is not [var first, ..]
                ? null
                : Answer.Known(
                    ExplainReason.Joined,
                    $"{Names.Sentence(Names.WithKey(record))} was taken by the right at {TimeText.Clock(first.RightTimeMs!.Value)}"
                        + $"{(rows.Count == 1 ? "" : $" and by {CountText.Of(rows.Count - 1, "other")}")}: {FateReasons.Row(first.Row)}.",
                    ReasonFinder.Rows([.. rows.Select(row => row.Row)]));
        }

        return AttributionReasons.RowOf(findings, record) is { LeftCount: > 0 } own
            ? Answer.Known(
                ExplainReason.Joined,
                $"{Names.Sentence(Names.WithKey(record))} took {CountText.Of(own.LeftCount, "left")}: {FateReasons.Row(own.Row)}.",
                ReasonFinder.Rows([own.Row]))
            : null;
    }
}
