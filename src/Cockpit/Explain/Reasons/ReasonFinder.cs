using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>
/// Finds the reason in what was found out. It is pure, and guesses nothing: what cannot be told is
/// <see cref="ExplainReason.Unknown"/> with what is missing.
/// <para>
/// First comes what lies in a record alone, then what lies in the two alone; there no more is needed than the records.
/// Then comes what the join has done: rows, how far it is, copies, and what waits.
/// </para>
/// </summary>
static class ReasonFinder
{
    /// <summary>The answer with its evidence.</summary>
    internal static Explanation Explain(Findings findings)
    {
        var answer = OfRecords(findings)
            ?? (findings.Asked.Count == 2 ? OfPair(findings) : OfOne(findings))
            ?? Unknown(findings);
        var certainty = findings.RunsWithDefinition || !LiesInDefinition(answer.Reason) ? answer.Certainty : Certainty.Inferred;
        return new Explanation(answer.Reason, answer.Text, certainty, [.. answer.Evidence, .. Common(findings)]);
    }

    // Whether the window, or another limit of the definition, is part of the reason.
    static bool LiesInDefinition(ExplainReason reason) => reason is ExplainReason.OutsideWindow or ExplainReason.Waiting
        or ExplainReason.NoRowByType or ExplainReason.Late or ExplainReason.LateRight;

    /// <summary>The reasons that lie in the records that were found alone; null = both can join.</summary>
    internal static Answer? OfRecords(Findings findings)
    {
        foreach (var found in findings.Asked)
        {
            if (RecordReasons.OfPresence(found) is { } answer)
                return answer;
        }

        foreach (var record in findings.Asked.Select(found => found.Record!))
        {
            if (RecordReasons.OfRecord(record, findings.Join.Source(record.Side), findings.FateOf(record.Side)) is { } answer)
                return answer;
        }

        if (findings.Asked.Count != 2)
            return null;
        var (left, right) = (findings.Of(Side.Left)!, findings.Of(Side.Right)!);
        return RecordReasons.OfNullKey(left) ?? RecordReasons.OfNullKey(right)
            ?? PairReasons.Of(findings.Join, findings.Definition, left, right);
    }

    static Answer? OfPair(Findings findings)
    {
        var (left, right) = (findings.FateOf(Side.Left)!, findings.FateOf(Side.Right)!);
        if ((FateReasons.OfSameBytes(findings, left) ?? FateReasons.OfSameBytes(findings, right)) is { } copy)
            return copy;
        if (findings.PairRows is [var row, ..])
        {
            return Answer.Known(
                ExplainReason.Joined,
                $"{Names.Sentence(Names.WithKey(left.Record))} and {Names.WithTime(right.Record)} joined: {FateReasons.Row(row)}.",
                Rows(findings.PairRows));
        }

        var isAttribution = findings.Definition.Type == JoinType.Attribution;
        return FateReasons.OfProgress(findings, left) ?? FateReasons.OfProgress(findings, right)
            ?? FateReasons.OfId(findings, left) ?? FateReasons.OfId(findings, right)
            ?? (isAttribution ? AttributionReasons.Of(findings, left.Record, right.Record) : Journaled(findings, left.Record, right.Record))
            ?? FateReasons.OfLateness(findings, left, right.Record) ?? FateReasons.OfLateness(findings, right, left.Record)
            ?? FateReasons.OfClosing(left, right) ?? FateReasons.OfClosing(right, left);
    }

    static Answer? OfOne(Findings findings)
    {
        var fate = findings.Fates[0];
        return FateReasons.OfSameBytes(findings, fate)
            ?? OneRecordReasons.OfSupersededRow(findings, fate)
            ?? OneRecordReasons.OfRows(findings, fate)
            ?? FateReasons.OfProgress(findings, fate)
            ?? RecordReasons.OfNullKey(fate.Record)
            ?? FateReasons.OfId(findings, fate)
            ?? OneRecordReasons.OfWaiting(findings, fate)
            ?? FateReasons.OfLateness(findings, fate, null)
            ?? OneRecordReasons.OfClosing(findings, fate);
    }

    // Both are buffered and have partners, and rows wait for the broker.
    static Answer? Journaled(Findings findings, InputRecord left, InputRecord right)
    {
        if (findings.Live is not { Unconfirmed: > 0, Entries: { } entries } live)
            return null;
        bool IsMatched(InputRecord record) =>
            entries.Any(e => record.IsAt(e.Side, e.Partition, e.Offset) && e.State == LiveEntryState.Matched);
        return IsMatched(left) && IsMatched(right)
            ? Answer.Known(
                ExplainReason.Joined,
                $"{Names.Sentence(Names.WithKey(left))} and {Names.WithTime(right)} have joined in key group {live.Group}; the row "
                    + $"is journaled, and {CountText.Of(live.Unconfirmed, "event")} of the key group "
                    + $"{(live.Unconfirmed == 1 ? "waits" : "wait")} for Kafka.",
                new Evidence($"key group {live.Group}", "both records are matched"))
            : null;
    }

    static Answer Unknown(Findings findings)
    {
        var names = string.Join(" and ", findings.Asked.Select(found => Names.WithKey(found.Record!)));
        var missing = new List<string>();
        if (findings.Live is null)
            missing.Add("the key group does not answer");
        else if (findings.Live.Entries is null)
            missing.Add("what is buffered of the key is not told");
        else if (findings.Asked.Any(f => !findings.Live.Entries.Any(e => f.Record!.IsAt(e.Side, e.Partition, e.Offset))))
            missing.Add("the key group has forgotten what is not buffered any more");
        missing.AddRange(
            findings.Searches.Where(search => !search.IsComplete || !search.BeginsWithLog).Select(search => search.Describe()));
        if (findings.Definition.Type == JoinType.Attribution && !findings.ReadsAttributions)
            missing.Add("rows of this output.format or output.select do not tell their lefts");
        if (missing.Count == 0)
            missing.Add("there is no row and no late copy of them");
        return Answer.Inferred(
            ExplainReason.Unknown, $"What became of {names} can no longer be told: {string.Join("; ", missing)}.");
    }

    internal static Evidence[] Rows(IReadOnlyList<FoundRow> rows) =>
        [.. rows.Take(3).Select(row => new Evidence(Names.Position(row), $"a row{(row.Id.Length > 0 ? ", id " + row.Id : "")}"))];

    static IEnumerable<Evidence> Common(Findings findings)
    {
        if (!findings.RunsWithDefinition)
        {
            yield return new Evidence(
                "configuration", "this node does not run the join: window and limits are those that its configuration says");
        }

        foreach (var found in findings.Asked)
        {
            if (found.Record is { Fate: InputFate.Joined } record)
            {
                var key = record.Key is null ? "null" : Names.Key(record.Key);
                yield return new Evidence(Names.Position(record), $"key {key}, event time {TimeText.Iso(record.Time)}");
            }

            if (found.Others.Count > 0)
            {
                var positions = string.Join(", ", found.Others.Take(5).Select(r => $"{r.Partition}:{r.Offset}"));
                var what = found.Reference.Kind == RecordReferenceKind.Id ? "id" : "key";
                var more = CountText.Of(found.Others.Count, $"other {Names.Of(found.Side)} record");
                yield return new Evidence(found.Topic, $"{more} with this {what}: {positions}{(found.Others.Count > 5 ? ", ..." : "")}");
            }

            if (found.Search is { } search)
                yield return new Evidence(search.Topic, search.Describe());
        }

        foreach (var search in findings.Searches)
            yield return new Evidence(search.Topic, search.Describe());
    }
}
