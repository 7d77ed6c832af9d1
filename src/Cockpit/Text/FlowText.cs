using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>What was asked of a join, and who does it, for people.</summary>
static class FlowText
{
    internal static void Write(FlowActReport report, TextWriter output)
    {
        output.WriteLine($"{report.Join}: {report.Asked.Says}");
        foreach (var node in report.Nodes)
            output.WriteLine($"  {Cell.Node(node)} does it");
        if (report is { NotLetOut: not null, IsDone: true })
            output.WriteLine("  all that was read is joined, its rows are out and its offsets are committed");
        foreach (var node in report.NotLetOut ?? [])
            output.WriteLine($"  {Cell.Node(node)} still has records or rows on their way: ask again");
        Cell.Missing(report.Missing, output);
    }
}
