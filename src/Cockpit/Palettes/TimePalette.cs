using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>
/// The commands of the palette <c>time</c>: how far event time is, what holds it back, and what to set.
/// </summary>
static class TimePalette
{
    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<BoardReport>(
            "time",
            "show",
            "The watermark board: each partition's time and lag, and which one holds its side back, since when",
            Right.State,
            [CommandParameter.Join],
            (node, call) => node.Everywhere(call.Find("join")).BoardAsync(call.Stopping),
            BoardText.Write),
        new NodeCommand<AdviceReport>(
            "time",
            "advise",
            "What other limits of time would do: late records, delay, state; how pairs lie in the window; and what to set",
            Right.State,
            [CommandParameter.Join],
            (node, call) => node.Everywhere(call.Find("join")).AdviceAsync(call.Stopping),
            AdviceText.Write),
    ];
}
