using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>A <see cref="SeriesReport"/> for people: a line for each minute. The page draws the steps.</summary>
static class SeriesText
{
    const long MinuteMs = 60_000;
    static readonly string[] Heads = ["minute (UTC)", "left in", "right in", "rows", "late", "buffered", "lag", "watermark lag"];
    static readonly string[] TakeHeads = ["event time", "shown", "taken", "take rate"];

    internal static void Write(SeriesReport report, TextWriter output)
    {
        output.WriteLine(report.Join);
        var table = new TextTable(Heads, [1, 2, 3, 4, 5, 6, 7]);
        foreach (var minute in report.Points.GroupBy(point => point.AtMs - (point.AtMs % MinuteMs)))
        {
            var last = minute.Last();
            table.Add(
            [
                TimeText.Cell(minute.Key), Cell.Of(minute.Sum(p => p.ReadLeft)), Cell.Of(minute.Sum(p => p.ReadRight)),
                Cell.Of(minute.Sum(p => p.Rows)), Cell.Of(minute.Sum(p => p.Left.Late + p.Right.Late)), Cell.Of(last.Buffered),
                Cell.Of(last.Lag), Cell.Duration(last.WatermarkLagMs),
            ]);
        }

        table.Write(output, "  ");
        if (report.TakeRate.Count > 0)
            WriteTake(report.TakeRate, output);
        Cell.Missing(report.Missing, output);
    }

    static void WriteTake(IReadOnlyList<TakePoint> take, TextWriter output)
    {
        var table = new TextTable(TakeHeads, [1, 2, 3]);
        foreach (var minute in take)
            table.Add([TimeText.Iso(minute.MinuteMs), Cell.Of(minute.Shown), Cell.Of(minute.Taken), Cell.Share(minute.Rate)]);
        table.Write(output, "  ");
    }
}
