using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>A <see cref="CopiesReport"/> for people: a line for each record, the newest first.</summary>
static class CopiesText
{
    /// <summary>Late records: how late, and what held the watermark.</summary>
    internal static void WriteLate(CopiesReport report, TextWriter output) => Write(
        report,
        "late record",
        ["late by", "watermark", "held by", "partners"],
        copy => copy.Lateness is { } late
            ? [Cell.Duration(late.LateByMs), TimeText.Iso(late.WatermarkMs), Cell.Line(late.HeldBy)!, Cell.Of(late.PartnersFound)]
            : [Cell.Unknown, Cell.Unknown, Cell.Unknown, Cell.Unknown],
        output);

    /// <summary>Dead letters: what is wrong with them.</summary>
    internal static void WriteDead(CopiesReport report, TextWriter output) => Write(
        report,
        "dead letter",
        ["what is wrong"],
        copy => [(Cell.Line(copy.Detail) ?? Cell.Unknown) + (copy.Cut is { } cut ? $" (cut: {Cell.Line(cut)})" : "")],
        output);

    static void Write(
        CopiesReport report,
        string noun,
        IReadOnlyList<string> heads,
        Func<CopyReport, IReadOnlyList<string>> cells,
        TextWriter output)
    {
        output.WriteLine($"{report.Join}: {CountText.Of(report.Copies.Count, noun)} of {report.Topic}, the newest first");
        if (report.Copies.Count > 0)
        {
            var hasValues = report.Copies.Any(copy => copy.Value is not null);
            var table = new TextTable(
                ["written", "reason", "record", "key", "id", "event time", .. heads, hasValues ? "value" : "bytes"], []);
            foreach (var copy in report.Copies)
                table.Add(
                [
                    TimeText.Iso(copy.WrittenMs),
                    Cell.Line(copy.Reason)!,
                    Record(copy.Source),
                    Cell.Line(copy.Key) ?? "null",
                    Cell.Line(copy.Id) ?? Cell.Unknown,
                    Cell.Moment(copy.TimeMs),
                    .. cells(copy),
                    hasValues ? Cell.Line(copy.Value) ?? "null" : Cell.Of(copy.ValueLength),
                ]);
            table.Write(output, "  ");
        }

        output.WriteLine($"  {report.Read.Text}");
        if (report.Copies.FirstOrDefault(copy => copy.Source?.Reference is not null)?.Source?.Reference is { } reference)
            output.WriteLine($"  What became of one: join explain {reference}");
    }

    static string Record(CopiedRecord? source) =>
        source is null ? Cell.Unknown : Cell.Text($"{Cell.Of(source.Side)} {Cell.Line(source.Topic)}/{source.Partition}:{source.Offset}");
}
