using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>All commands. A palette adds its own here.</summary>
static class CommandTable
{
    /// <summary>By palette, in the order of the help.</summary>
    internal static IReadOnlyList<NodeCommand> All { get; } =
    [
        .. ClusterPalette.Commands,
        .. JoinPalette.Commands,
        .. FlowPalette.Commands,
        .. TimePalette.Commands,
        .. DiagnosisPalette.Commands,
        .. ExplainPalette.Commands,
        .. CopyPalette.Commands,
        .. ShardingPalette.Commands,
        .. ActorPalette.Commands,
        .. JournalPalette.Commands,
        .. LogPalette.Commands,
    ];

    /// <summary>The command of a palette and name; null = there is none.</summary>
    internal static NodeCommand? Find(string palette, string name) =>
        All.FirstOrDefault(command => command.Palette == palette && command.Name == name);
}
