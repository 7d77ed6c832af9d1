using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>A <see cref="KeyStateReport"/> for people: what each record of the key waits for.</summary>
static class KeyStateText
{
    static readonly string[] Heads = ["position", "time", "state", "id", "closes when", "forgotten when", "value"];

    internal static void Write(KeyStateReport report, TextWriter output)
    {
        var key = Cell.Line(report.Key) ?? "0x" + report.KeyHex;
        output.WriteLine($"{report.Join}: key {key}, in key group {Cell.Of(report.Group)} on {Cell.Node(report.Node)}");
        if (report.Problem is { } problem)
        {
            output.WriteLine($"  {problem}");
        }
        else
        {
            output.WriteLine($"  left time {Cell.Moment(report.LeftWatermarkMs)}, right time {Cell.Moment(report.RightWatermarkMs)}");
            Write("left", report.Left, output);
            Write("right", report.Right, output);
        }

        if (report.Rows is { } rows)
            Write(rows, output);
    }

    static void Write(KeyRowsReport report, TextWriter output)
    {
        if (report.Read is not { } read)
        {
            output.WriteLine($"  its rows in {report.Topic} cannot be read: {report.Problem}");
            return;
        }

        output.WriteLine($"  {CountText.Of(report.Rows.Count, "row")}, the newest first. {read.Text}");
        if (report.Rows.Count == 0)
            return;
        var hasValues = report.Rows.Any(row => row.Value is not null);
        var table = new TextTable(["row", "time", "kind", "id", hasValues ? "value" : "bytes"], []);
        foreach (var row in report.Rows)
            table.Add(
            [
                Cell.Text($"{report.Topic}/{row.Partition}:{row.Offset}"),
                TimeText.Iso(row.TimeMs),
                Cell.Line(row.Kind) ?? Cell.Unknown,
                Cell.Line(row.Id) ?? Cell.Unknown,
                hasValues ? Cell.Line(row.Value) ?? "null" : Cell.Of(row.ValueLength),
            ]);
        table.Write(output, "    ");
    }

    static void Write(string name, KeySideState side, TextWriter output)
    {
        var count = $"{(side.IsExact ? "" : "more than ")}{CountText.Of(side.Count, name + " record")}";
        output.WriteLine(side.Entries.Count < side.Count ? $"  {count}, of which {Cell.Of(side.Entries.Count)} are shown" : $"  {count}");
        if (side.Entries.Count == 0)
            return;
        var table = new TextTable(Heads, []);
        foreach (var entry in side.Entries)
            table.Add(
            [
                Cell.Text($"{side.Topic}/{entry.Partition}:{entry.Offset}"),
                TimeText.Iso(entry.TimeMs),
                Cell.Words(entry.State) + (entry.IsLate ? ", late" : ""),
                Cell.Line(entry.Id) ?? Cell.Unknown,
                When(entry.Closes),
                When(entry.Forgets),
                Cell.Line(entry.Value) ?? "",
            ]);
        table.Write(output, "    ");
    }

    static string When(NeedReport need)
    {
        string?[] sides =
        [
            need.LeftMs is { } left ? "left " + TimeText.Clock(left) : null,
            need.RightMs is { } right ? "right " + TimeText.Clock(right) : null,
        ];
        return string.Join(", ", sides.OfType<string>());
    }
}
