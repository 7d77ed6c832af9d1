using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>Joins for people, in short and at length.</summary>
static class JoinText
{
    static readonly string[] Heads = ["join", "type", "left", "right", "output", "key groups", "left in", "right in", "rows"];

    internal static void Write(JoinList list, TextWriter output)
    {
        var table = new TextTable(Heads, [6, 7, 8]);
        foreach (var join in list.Joins)
            table.Add(
            [
                join.Join, join.Type, join.Left, join.Right, join.Output, Cell.Text($"{join.Running} of {join.Groups} run"),
                Cell.Rate(join.OneMinute.ReadLeft), Cell.Rate(join.OneMinute.ReadRight), Cell.Rate(join.OneMinute.Rows),
            ]);
        table.Write(output, "");
        foreach (var join in list.Joins.Where(join => join.Asked.Number > 0))
            output.WriteLine($"{join.Join}: {join.Asked.Says}");
    }

    internal static void Write(JoinOverview join, TextWriter output)
    {
        var definition = join.Definition;
        output.WriteLine(
            $"{join.Join}: {definition.Type} join of {definition.Left.Topic} and {definition.Right.Topic} into {definition.Output}");
        output.WriteLine(
            $"  right.time from left.time - {Cell.Duration(definition.BeforeMs)} to left.time + {Cell.Duration(definition.AfterMs)}"
            + $"{(definition.HasWhere ? ", and where" : "")}; late records {definition.Late}; "
            + $"out of order by {Cell.Duration(definition.MaxOutOfOrdernessMs)} at most");
        Write("left ", definition.Left, output);
        Write("right", definition.Right, output);
        output.WriteLine(Cell.Text($"  {join.Running} of {join.Groups} key groups run"));
        if (join.Asked.Number > 0)
            output.WriteLine($"  {join.Asked.Says}");
        foreach (var node in join.Nodes)
            output.WriteLine($"    {Cell.Node(node.Node)}: {string.Join(", ", node.Groups)}");
        Write("1 min ", join.OneMinute, output);
        Write("15 min", join.FifteenMinutes, output);
        Write("left", join.LeftMatchRate, output);
        Write("right", join.RightMatchRate, output);
        output.WriteLine(
            $"  {CountText.Of(join.Buffered, "buffered record")}, {Cell.Bytes(join.StateBytes)} of state, lag {Cell.Of(join.Lag)}");
        foreach (var warning in join.Warnings)
            output.WriteLine($"warning: {warning}");
        Cell.Missing(join.Missing, output);
    }

    static void Write(string side, InputReport input, TextWriter output) => output.WriteLine(
        $"  {side}  key {(input.Key.Count == 0 ? "of the record" : string.Join(", ", input.Key))}; time "
        + $"{input.Time ?? "of the record"}; id {input.Id ?? "none"}; {input.Format}{(input.Filter is { } f ? $"; filter {f}" : "")}");

    static void Write(string name, RateReport rate, TextWriter output) => output.WriteLine(
        $"  {name}  left {Cell.Rate(rate.ReadLeft)}, right {Cell.Rate(rate.ReadRight)}, rows {Cell.Rate(rate.Rows)}, "
        + $"late {Cell.Rate(rate.Late)}");

    static void Write(string side, MatchRateReport rate, TextWriter output) => output.WriteLine(
        $"  {Cell.Share(rate.Now)} of the {side} records find a partner (10 min); {Cell.Share(rate.HourBefore)} in the hour before");
}
