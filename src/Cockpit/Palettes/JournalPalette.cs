using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The commands of the palette <c>journal</c>: what it has of each key group.</summary>
static class JournalPalette
{
    const string Palette = "journal";

    static readonly CommandParameter Join = CommandParameter.Join with { Help = "The name of a join; without it: all of the node" };

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<JournalReport>(
            Palette,
            "stats",
            "Per key group: its last event, and the events and bytes since its last snapshot, which a recovery would read",
            Right.State,
            [Join],
            async (node, call) => new JournalReport([.. (await GroupsAsync(node, call)).Select(found => Of(found.Join, found.Group))]),
            JournalText.Write,
            report => report.Groups.All(group => group.State == KeyGroupState.Running) ? 0 : 1),
        new NodeCommand<SnapshotsReport>(
            Palette,
            "snapshots",
            "The newest snapshot of each key group, the oldest first",
            Right.State,
            [Join],
            SnapshotsAsync,
            JournalText.Write),
    ];

    static async Task<SnapshotsReport> SnapshotsAsync(CockpitNode node, CommandCall call)
    {
        var now = DateTimeOffset.UtcNow;
        var found = (await GroupsAsync(node, call)).Select(found => new GroupSnapshotReport(
            found.Join,
            found.Group.Group,
            found.Group.Snapshot,
            found.Group.Snapshot is { } snapshot ? Math.Max(0, (now - snapshot.SavedAt).TotalSeconds) : null));
        return new SnapshotsReport([.. found.OrderBy(snapshot => snapshot.Snapshot?.SavedAt ?? DateTimeOffset.MaxValue)]);
    }

    static GroupJournalReport Of(string join, KeyGroupReport group) => new(
        join,
        group.Group,
        group.State,
        group.Sequence,
        group.Sequence - (group.Snapshot?.Sequence ?? 0),
        group.JournalBytes,
        group.Snapshot);

    static async Task<IEnumerable<(string Join, KeyGroupReport Group)>> GroupsAsync(CockpitNode node, CommandCall call)
    {
        IReadOnlyList<JoinSettings> joins = call.Find(Join.Name) is { } name ? [node.Join(name)] : node.Joins;
        var reports = await Task.WhenAll(joins.Select(join => node.ReportAsync(join.Name))).WaitAsync(call.Stopping);
        return reports.SelectMany(report => report.Groups.Select(group => (report.Join, group)));
    }
}
