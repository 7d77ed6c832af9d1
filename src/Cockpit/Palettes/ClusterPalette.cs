using AkkaJoin.Cockpit.Acts;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>
/// The commands of the palette <c>cluster</c>: the members, where key groups live, and what members are told.
/// </summary>
static class ClusterPalette
{
    const string Palette = "cluster";

    static readonly CommandParameter Address = new("address", "A member's address, whole or HOST:PORT") { IsPositional = true };

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<ClusterReport>(
            Palette,
            "show",
            "The members of the cluster, and where each key group lives and how it is",
            Right.State,
            [],
            ShowAsync,
            ClusterText.Write,
            report => report.Joins.All(join => join.Groups.All(group => group.State == KeyGroupState.Running)) ? 0 : 1),
        new NodeCommand<MembersReport>(
            Palette,
            "members",
            "The members of the cluster alone",
            Right.State,
            [],
            (node, _) => Task.FromResult(new MembersReport(MemberReports.Of(node.System))),
            (report, output) => ClusterText.Write(report.Members, output)),
        new NodeCommand<MemberActReport>(
            Palette,
            "leave",
            "A member drains, hands its key groups over and ends with exit code 0; without an address the node that is asked",
            Right.Act,
            [Address],
            (node, call) => Task.FromResult(MemberActs.Leave(node.System, call.Find(Address.Name))),
            MemberText.Write),
        new NodeCommand<MemberActReport>(
            Palette,
            "down",
            "A member is given up: its key groups go to others at once, and where it still runs it ends with exit code 3",
            Right.Act,
            [Address with { IsRequired = true }],
            (node, call) => Task.FromResult(MemberActs.Down(node.System, call.Get(Address.Name))),
            MemberText.Write),
        new NodeCommand<MemberActReport>(
            Palette,
            "down-unreachable",
            "All members that the node that is asked cannot reach are given up",
            Right.Act,
            [],
            (node, _) => Task.FromResult(MemberActs.DownUnreachable(node.System)),
            MemberText.Write),
    ];

    // The example of a dead letter tells what a record holds.
    static async Task<ClusterReport> ShowAsync(CockpitNode node, CommandCall call)
    {
        var report = await node.ClusterAsync().WaitAsync(call.Stopping);
        return call.MaySeeData ? report : report.WithoutExamples();
    }
}
