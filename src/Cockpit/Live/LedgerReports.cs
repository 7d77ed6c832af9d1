using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Makes the ledger of a join of what its key groups and its nodes answer.</summary>
static class LedgerReports
{
    internal static LedgerReport Of(
        JoinSettings join, IReadOnlyList<KeyGroupAnswer> groups, IReadOnlyList<NodeReply<NodeSources>> nodes) => new(
        join.Name,
        Of(join, Side.Left, groups, nodes),
        Of(join, Side.Right, groups, nodes),
        [.. nodes.SelectMany(node => Partitions(join, node)).OrderBy(p => p.Side).ThenBy(p => p.Partition ?? int.MaxValue)],
        [.. groups.Where(group => group.Status is null).Select(group => group.Group)],
        [.. nodes.Select(node => node.Missing).OfType<MissingNode>()]);

    static SideLedgerReport Of(
        JoinSettings join, Side side, IReadOnlyList<KeyGroupAnswer> groups, IReadOnlyList<NodeReply<NodeSources>> nodes)
    {
        var sum = default(SideLedger);
        foreach (var group in groups)
        {
            if (group.Status is { } status)
                sum += side == Side.Left ? status.Left : status.Right;
        }

        var nullKeys = nodes.Sum(node => (side == Side.Left ? node.Result?.LeftNullKeys : node.Result?.RightNullKeys) ?? 0);
        return new SideLedgerReport(
            side,
            join.Source(side).Topic,
            sum.Received,
            sum.Matched,
            sum.Unmatched,
            sum.Expired,
            sum.Late,
            sum.Duplicate,
            sum.Waiting,
            nullKeys);
    }

    static IEnumerable<LedgerPartition> Partitions(JoinSettings join, NodeReply<NodeSources> node)
    {
        if (node.Result is not { } sources)
            yield break;
        foreach (var partition in sources.Partitions)
        {
            foreach (var side in partition.Sides)
                yield return new LedgerPartition(side.Side, partition.Topic, partition.Partition, node.Node, side.Fates);
        }

        if (sources.LeftOfGone.Consumed > 0)
            yield return new LedgerPartition(Side.Left, join.Left.Topic, null, node.Node, sources.LeftOfGone);
        if (sources.RightOfGone.Consumed > 0)
            yield return new LedgerPartition(Side.Right, join.Right.Topic, null, node.Node, sources.RightOfGone);
    }
}
