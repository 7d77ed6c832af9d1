using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// A <see cref="LedgerReport"/> for people: a column for each fate, and whether the sum is what came in.
/// </summary>
static class LedgerText
{
    static readonly string[] SideHeads =
    [
        "side", "topic", "received", "matched", "unmatched", "expired", "late", "duplicates", "waiting", "sum", "null keys",
    ];

    static readonly string[] PartitionHeads = ["side", "partition", "node", "read", "routed", "dead letters", "filtered", "sum"];

    internal static void Write(LedgerReport report, TextWriter output)
    {
        output.WriteLine($"{report.Join}: applied by the key groups since the join's first start");
        var sides = new TextTable(SideHeads, [2, 3, 4, 5, 6, 7, 8, 10]);
        foreach (var side in (SideLedgerReport[])[report.Left, report.Right])
            sides.Add(Cells(side));
        sides.Write(output, "  ");
        if (report.SilentGroups.Count > 0)
            output.WriteLine(
                $"  not counted: key {(report.SilentGroups.Count == 1 ? "group" : "groups")} "
                + $"{string.Join(", ", report.SilentGroups)}, without an answer");
        output.WriteLine("read by the nodes that run now, since they began to");
        var partitions = new TextTable(PartitionHeads, [3, 4, 5, 6]);
        foreach (var partition in report.Partitions)
            partitions.Add(Cells(partition));
        partitions.Write(output, "  ");
        Cell.Missing(report.Missing, output);
    }

    static string[] Cells(SideLedgerReport side) =>
    [
        Cell.Of(side.Side),
        side.Topic,
        Cell.Of(side.Received),
        Cell.Of(side.Matched),
        Cell.Of(side.Unmatched),
        Cell.Of(side.Expired),
        Cell.Of(side.Late),
        Cell.Of(side.Duplicates),
        Cell.Of(side.Waiting),
        Sum(side.Difference),
        Cell.Of(side.NullKeys),
    ];

    static string[] Cells(LedgerPartition partition) =>
    [
        Cell.Of(partition.Side),
        partition.Partition is { } number ? Cell.Text($"{partition.Topic}/{number}") : $"{partition.Topic}, given away",
        Cell.Node(partition.Node),
        Cell.Of(partition.Fates.Consumed),
        Cell.Of(partition.Fates.Routed),
        Cell.Of(partition.Fates.DeadLettered),
        Cell.Of(partition.Fates.Filtered),
        Sum(partition.Fates.Difference),
    ];

    static string Sum(long difference) => difference == 0 ? "equal" : $"differs by {Cell.Of(difference)}";
}
