using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// A <see cref="BoardReport"/> for people: a sentence for each side, then each partition. The one that holds its side
/// back is marked.
/// </summary>
static class BoardText
{
    const string Mark = "<- holds time back";

    static readonly string[] Heads =
        ["side", "partition", "node", "watermark", "lag", "behind", "last record", "state", "for", ""];

    internal static void Write(BoardReport report, TextWriter output)
    {
        output.WriteLine($"{report.Join} at {TimeText.Iso(report.AtMs)}");
        if (report.Asked.Number > 0)
            output.WriteLine($"  {report.Asked.Says}");
        foreach (var side in (BoardSide[])[report.Left, report.Right])
            output.WriteLine("  " + Sentence(side, report.AtMs));
        var table = new TextTable(Heads, [4, 5]);
        foreach (var partition in report.Partitions)
            table.Add(Cells(partition, report.AtMs));
        table.Write(output, "  ");
        Cell.Missing(report.Missing, output);
    }

    static string Sentence(BoardSide side, long nowMs)
    {
        var time = side.WatermarkMs is { } watermark ? "is at " + TimeText.Iso(watermark) : "has no watermark yet";
        var holder = side.HeldBy is { } partition ? Cell.Text($", held by {side.Topic}/{partition}") : "";
        var since = side.HeldSinceMs is { } at ? $" for {Cell.Duration(nowMs - at)}" : "";
        var rows = CountText.Of(side.RowsWaiting, "record waits", "records wait");
        return $"{Cell.Of(side.Side)} time {time}{holder}{since}: {rows} for it, {Cell.Bytes(side.BufferedBytes)} of state";
    }

    static string[] Cells(BoardPartition partition, long nowMs) =>
    [
        Cell.Of(partition.Side),
        Cell.Text($"{partition.Topic}/{partition.Partition}"),
        Cell.Node(partition.Node),
        Cell.Moment(partition.WatermarkMs),
        Cell.Of(partition.Lag),
        Cell.Duration(partition.BehindMs),
        partition.LastRecordMs is { } last ? Cell.Duration(nowMs - last) + " ago" : Cell.Unknown,
        partition.Reason == BoardReason.None
            ? Cell.Words(partition.State)
            : $"{Cell.Words(partition.State)}: {Cell.Words(partition.Reason)}",
        partition.SinceMs is { } since ? Cell.Duration(nowMs - since) : "",
        partition.HoldsBack ? Mark : "",
    ];
}
