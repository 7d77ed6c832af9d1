using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The commands of the palette <c>join</c> that show late records and dead letters.</summary>
static class CopyPalette
{
    const int LimitStandard = 50;

    static readonly CommandParameter Limit =
        new("limit", $"The most records, 1 to {CopiesRequest.LimitMax}; {LimitStandard} where it is not given");

    static readonly CommandParameter Values = new("values", "Show the values too") { IsFlag = true };

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<CopiesReport>(
            "join",
            "late",
            "The newest late records, from the late topic: how late each was, and what held the watermark",
            Right.Data,
            [
                CommandParameter.Join,
                Limit,
                new CommandParameter("reason", "Those with this reason alone") { Words = ["late", "id-conflict"] },
                Values,
            ],
            (node, call) => CopiesAsync(node, call, areDeadLetters: false),
            CopiesText.WriteLate,
            ExitCode),
        new NodeCommand<CopiesReport>(
            "join",
            "dead-letters",
            "The newest dead letters, from the dead-letter topic: what is wrong with each",
            Right.Data,
            [CommandParameter.Join, Limit, new CommandParameter("reason", "Those with this reason alone, such as bad-time"), Values],
            (node, call) => CopiesAsync(node, call, areDeadLetters: true),
            CopiesText.WriteDead,
            ExitCode),
    ];

    static Task<CopiesReport> CopiesAsync(CockpitNode node, CommandCall call, bool areDeadLetters)
    {
        var request = new CopiesRequest(
            areDeadLetters,
            call.Number(Limit.Name, LimitStandard, 1, CopiesRequest.LimitMax),
            call.Find("reason"),
            call.MaySeeData && call.Has(Values.Name));
        return node.CopiesAsync(node.Join(call.Find("join")), request, call.Stopping);
    }

    // Without its topic nothing can be told.
    static int ExitCode(CopiesReport report) => report.Read.Partitions.Count == 0 ? 1 : 0;
}
