using System.Globalization;
using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Reasons that lie in what the join has done with a record that can join.</summary>
static class FateReasons
{
    /// <summary>Why a record has not come to its key group; null = it has, or nobody tells.</summary>
    internal static Answer? OfProgress(Findings findings, RecordFindings fate)
    {
        var (record, progress) = (fate.Record, fate.Progress);
        var (name, partition) = (Names.Sentence(Names.WithKey(record)), $"{record.Topic}/{record.Partition}");
        if (progress.Origin > record.Offset)
        {
            return Answer.Known(
                ExplainReason.NotRead,
                $"{name} lies before the join's start: the join began with {partition} at offset {progress.Origin}.",
                new Evidence("journal", $"the join began with {partition} at offset {progress.Origin}"));
        }

        if (progress.IsApplied(record.Offset) == true)
            return null;
        if (progress.Reader is { } reader)
        {
            return reader.Position <= record.Offset
                ? NotRead(record, progress, reader)
                : InFlight(findings, record, progress, reader);
        }

        // Where the reader does not answer, it is not told whether the record is on its way.
        if (progress.Applied <= record.Offset)
        {
            return Answer.Inferred(
                ExplainReason.NotRead,
                $"{name} has not come to key group {progress.Group}, which has {partition} up to offset {progress.Applied}; no node "
                    + "tells how far it is read.",
                new Evidence($"key group {progress.Group}", $"the applied offset of {partition} is {progress.Applied}"));
        }

        // What is committed tells that the join has not come so far for good.
        return findings.Live is null && progress.Committed <= record.Offset
            ? Answer.Inferred(
                ExplainReason.NotRead,
                $"{name} is not joined yet: the join has {partition} up to offset {progress.Committed}, and no node that answers reads it.",
                new Evidence(partition, $"the committed offset is {progress.Committed}"))
            : null;
    }

    /// <summary>
    /// Whether the record is the same, byte for byte, as one that came first: a row says nothing of which of them it
    /// has.
    /// </summary>
    internal static Answer? OfSameBytes(Findings findings, RecordFindings fate)
    {
        var record = fate.Record;
        if (fate.Earlier is not { } first || first.Time != record.Time || !first.Value.AsSpan().SequenceEqual(record.Value)
            || IsBuffered(findings, record))
            return null;
        var isKnown = findings.Live?.Entries is { } entries && entries.Any(e => first.IsAt(e.Side, e.Partition, e.Offset));
        return Copy(record, first.Partition, first.Offset, first.Time, isKnown ? Certainty.Known : Certainty.Inferred);
    }

    /// <summary>Whether the record is a copy of another one; null = it is not, as far as can be told.</summary>
    internal static Answer? OfId(Findings findings, RecordFindings fate)
    {
        var record = fate.Record;
        if (record.Id is null)
            return null;
        if (fate.Late is { IsIdConflict: true } copy)
        {
            return Answer.Known(
                ExplainReason.IdConflict,
                $"{Names.Sentence(Names.WithKey(record))} has the id of a record that came first with another time"
                    + $"{(fate.Earlier is { } first ? $", {Names.WithTime(first)}" : "")}. The first one counts; a copy is "
                    + $"{Names.Position(copy.Row)}.",
                new Evidence(Names.Position(copy.Row), "id-conflict"));
        }

        if (findings.Live?.Entries is { } entries)
        {
            // What is buffered under its own position was no copy.
            if (IsBuffered(findings, record))
                return null;
            bool HasItsId(LiveEntry e) => e.Side == record.Side && e.Id is not null && e.Id.AsSpan().SequenceEqual(record.Id);
            if (entries.FirstOrDefault(HasItsId) is { } entry)
                return Copy(record, entry.Partition, entry.Offset, entry.TimeMs, Certainty.Known);
        }

        // One that was not remembered any more would be late, and there would be a copy of it.
        return fate is { Earlier: { } earlier, Late: null, AloneRows.Count: 0 }
            ? Copy(record, earlier.Partition, earlier.Offset, earlier.Time, Certainty.Inferred)
            : null;
    }

    /// <summary>What its copy in the late topic says; null = there is none.</summary>
    /// <param name="findings">All that was found out.</param>
    /// <param name="fate">What became of the record.</param>
    /// <param name="other">The record that it did not join; null = none is asked for.</param>
    internal static Answer? OfLateness(Findings findings, RecordFindings fate, InputRecord? other)
    {
        if (fate.Late is not { IsIdConflict: false } late)
            return null;
        var (record, definition) = (fate.Record, findings.Definition);
        var text = $"{Names.Sentence(Names.WithKey(record))} was late by {Names.Span(late.LateByMs)}: W_{Names.Of(record.Side)} was "
            + $"{TimeText.Clock(late.WatermarkMs)}, held by {late.Holder}.";
        var evidence = new Evidence(
            Names.Position(late.Row),
            $"late by {Names.Span(late.LateByMs)}, {CountText.Of(late.PartnersFound, "partner")} found, watermark "
                + $"{TimeText.Iso(late.WatermarkMs)}");
        if (definition.Late == LatePolicy.Drop)
            return Answer.Known(ExplainReason.Late, text + " late.policy = drop leaves late records out.", evidence);
        if (definition.Late == LatePolicy.Repair)
        {
            return Answer.Known(
                ExplainReason.Late, text + $" late.repair-for is {Names.Span(definition.RepairForMs)}: it was late by more.", evidence);
        }

        if (definition.Type == JoinType.Attribution && record.Side == Side.Right && late.PartnersFound == 0)
        {
            return Answer.Known(
                ExplainReason.LateRight,
                text + " A late right gives a row only with lefts that no other right has, and it found none.",
                evidence);
        }

        var gone = other is null
            ? $" It found {CountText.Of(late.PartnersFound, "partner")}; a late record gives no unmatched row."
            : $" {Names.Sentence(Names.Of(other))} had gone: its window was closed. It found "
                + $"{CountText.Of(late.PartnersFound, "partner")}.";
        return Answer.Known(ExplainReason.Late, text + gone, evidence);
    }

    /// <summary>A record's row that says it was closed without the other one; null = there is none.</summary>
    internal static Answer? OfClosing(RecordFindings fate, RecordFindings other)
    {
        if (OfSupersededRow(fate) is { } superseded)
            return superseded;
        if (fate.AloneRows is not [var row, ..])
            return null;
        return Answer.Known(
            ExplainReason.Closed,
            $"{Names.Sentence(Names.WithKey(fate.Record))} came out without a partner, as {Row(row)}: its window was closed before "
                + $"{Names.WithTime(other.Record)} came.",
            new Evidence(Names.Position(row), "the unmatched row of " + Names.Of(fate.Record)));
    }

    /// <summary>That a record's unmatched row does not stand any more; null = it stands, or there is none.</summary>
    internal static Answer? OfSupersededRow(RecordFindings fate)
    {
        if (fate.AloneRows.Count == 0 || fate.AloneRows.FirstOrDefault(row => row.SupersededBy is null) is not null)
            return null;
        var row = fate.AloneRows[0];
        return Answer.Known(
            ExplainReason.Superseded,
            $"{Names.Sentence(Names.WithKey(fate.Record))} came out without a partner, as {Row(row)}. Then a partner came late, "
                + $"and another row took the place of that one: {Row(row.SupersededBy!)}.",
            new Evidence(Names.Position(row), "the unmatched row of " + Names.Of(fate.Record)),
            new Evidence(Names.Position(row.SupersededBy!), "names it in akkajoin-supersedes"));
    }

    /// <summary>How a row is named.</summary>
    internal static string Row(FoundRow row) =>
        Names.Position(row) + (row.Id.Length > 0 ? ", id " + row.Id : "")
        + (row.TimestampMs < 0 ? "" : $", timestamp {TimeText.Iso(row.TimestampMs)}");

    static Answer NotRead(InputRecord record, RecordProgress progress, LivePartition reader)
    {
        var lag = CountText.Of(Math.Max(0, progress.LogEnd - reader.Position), "record");
        var paused = reader.PausedBecause is { } why ? $"; it is paused, because {why}" : "";
        var partition = $"{record.Topic}/{record.Partition}";
        return Answer.Known(
            ExplainReason.NotRead,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Names.Sentence(Names.WithKey(record))} is not read yet: {partition} is at offset {reader.Position}, {lag} behind "
                    + $"its end{paused}."),
            new Evidence(reader.Node, string.Create(CultureInfo.InvariantCulture, $"{partition} is read up to offset {reader.Position}")));
    }

    static Answer? InFlight(Findings findings, InputRecord record, RecordProgress progress, LivePartition reader)
    {
        var evidence = new Evidence(reader.Node, $"{record.Topic}/{record.Partition} is read up to offset {reader.Position}");
        if (findings.Live is null)
        {
            // Where it is not known what its key group has, only what is not committed may be on its way.
            return progress.Committed > record.Offset
                ? null
                : Answer.Known(
                    ExplainReason.InFlight,
                    $"{Names.Sentence(Names.WithKey(record))} was read, and its key group {progress.Group} does not answer: it is moving, "
                        + "recovering or down. It applies the record when it runs again.",
                    evidence);
        }

        return Answer.Known(
            ExplainReason.InFlight,
            $"{Names.Sentence(Names.WithKey(record))} was read and is on its way into the journal of key group {progress.Group}, which has "
                + $"{record.Topic}/{record.Partition} up to offset {progress.Applied}.",
            evidence,
            new Evidence($"key group {progress.Group}", $"the applied offset is {progress.Applied}"));
    }

    static bool IsBuffered(Findings findings, InputRecord record) =>
        findings.Live?.Entries?.Any(e => record.IsAt(e.Side, e.Partition, e.Offset)) == true;

    static Answer Copy(InputRecord record, int partition, long offset, long timeMs, Certainty certainty)
    {
        var first = string.Create(CultureInfo.InvariantCulture, $"{Names.Of(record.Side)} {partition}:{offset}");
        var name = Names.Sentence(Names.WithKey(record));
        return timeMs == record.Time
            ? new Answer(ExplainReason.Duplicate, certainty, $"{name} is a duplicate: {first} came first with the same key and id.")
            : new Answer(
                ExplainReason.IdConflict,
                certainty,
                $"{name} has the key and id of {first}, which came first with another time, {TimeText.Clock(timeMs)}. The first one "
                    + "counts.");
    }

    /// <summary>When the window of a record closes.</summary>
    internal static (Side Side, long AboveMs) ClosesAbove(JoinDefinition definition, InputRecord record) => record.Side == Side.Left
        ? (Side.Right, record.Time + definition.AfterMs)
        : (Side.Left, record.Time + definition.BeforeMs);

    const string Rests = "it does not move, since somebody paused the join or lets its time rest: join resume or join wake lets it go on";

    /// <summary>What time it is on a side, and who holds it.</summary>
    internal static string Now(LiveWatermark watermark) =>
        (watermark.Ms is { } ms ? $"it is {TimeText.Clock(ms)}" : "a partition has given no time yet")
        + $", held by {watermark.Holder}"
        + (watermark.Since is { } since ? $" since {since.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}" : "")
        + (watermark.IsAtRest ? "; " + Rests : "");
}
