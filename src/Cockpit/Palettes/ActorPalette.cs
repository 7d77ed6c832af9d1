using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The commands of the palette <c>actor</c>: the actors of the node that answers.</summary>
static class ActorPalette
{
    const string Path = "path", Depth = "depth";

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        new NodeCommand<ActorTreeReport>(
            "actor",
            "hierarchy",
            $"The actors of the node, {ActorTree.ActorsMax:N0} at most, with their types and the messages that wait",
            Right.State,
            [
                new CommandParameter(Path, "Where to start, such as /user; without it: all") { IsPositional = true },
                new CommandParameter(Depth, $"How far below it, 0 to {ActorTree.DepthMax}; {ActorTree.DepthStandard} without it"),
            ],
            (node, call) => Task.FromResult(ActorTree.Of(
                node.System, call.Find(Path) ?? "/", call.Number(Depth, ActorTree.DepthStandard, 0, ActorTree.DepthMax))),
            ActorText.Write),
    ];
}
